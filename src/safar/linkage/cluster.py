"""From weighed pairs to people: groups merge while the mean weight of all pairs between them speaks for it.

Connected components would let one wrong pair join two families. Here a pair that should be there and is not counts too
(average link): within a component every pair has a weight, and a group grows only while it is believable as a whole.
"""

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

LARGEST = (
    60  # records in a component that is looked at as a whole; a larger one is first cut at its weaker pairs
)
_FLOOR, _CEILING = -10.0, 15.0  # bits; one pair may not outvote all others


def components(size: int, a: Ints, b: Ints) -> Ints:
    """For each of ``size`` records the smallest record it is connected to by the pairs ``a``, ``b``."""
    label = np.arange(size)
    while a.size:
        low = np.minimum(label[a], label[b])
        before = label.copy()
        np.minimum.at(label, label[a], low)
        np.minimum.at(label, label[b], low)
        label = label[label]
        if np.array_equal(label, before):
            break
    return label


def candidate_groups(size: int, a: Ints, b: Ints, weight: Floats, *, threshold: float) -> Ints:
    """Components over pairs above ``threshold``, none larger than ``LARGEST``: those are cut at ever higher weights."""
    strong = weight > threshold
    a, b, weight = a[strong], b[strong], weight[strong]
    label = components(size, a, b)
    while True:
        large = np.bincount(label, minlength=size)[label] > LARGEST
        if not large.any():
            return label
        threshold += 1.0
        inside = large[a]
        keep = inside & (weight > threshold)
        label[large] = components(size, a[keep], b[keep])[large]
        a, b, weight = a[inside], b[inside], weight[inside]


def average_link(label: Ints, a: Ints, b: Ints, weight: Floats, *, threshold: float) -> Ints:
    """People: ``label`` (groups) split where the mean weight does not hold them together.

    ``a``, ``b``, ``weight`` give every pair inside a group of three or more. The result is again the smallest record.
    """
    people = label.copy()
    members = np.flatnonzero(np.bincount(label, minlength=label.size)[label] > 2)
    if not members.size:
        return people
    members = members[np.argsort(label[members], kind="stable")]
    group, place, start, count = _places(label[members])
    where = np.zeros(label.size, dtype=np.int64)
    where[members] = place
    of = np.zeros(label.size, dtype=np.int64)
    of[members] = group
    for size in np.unique(count):
        chosen = np.flatnonzero(count == size)
        order = np.full(count.size, -1)
        order[chosen] = np.arange(chosen.size)
        pair = order[of[a]] >= 0
        matrix = np.zeros((chosen.size, size, size))
        at, one, other = order[of[a[pair]]], where[a[pair]], where[b[pair]]
        matrix[at, one, other] = matrix[at, other, one] = np.clip(weight[pair], _FLOOR, _CEILING)
        parent = _merged(matrix, threshold)
        records = members[start[chosen][:, None] + np.arange(size)]
        people[records] = np.take_along_axis(records, parent, axis=1)
    return people


def _places(labels: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """For sorted labels: number of the group and place in it for each, start and size of each group."""
    first = np.flatnonzero(np.r_[True, labels[1:] != labels[:-1]])
    count = np.diff(np.r_[first, labels.size])
    group = np.repeat(np.arange(first.size), count)
    return group, np.arange(labels.size) - first[group], first, count


def _merged(total: Floats, threshold: float) -> Ints:
    """Average link in many groups of one size at once: for each member the first member of its cluster.

    ``total`` (groups x size x size) holds sums of weights between clusters; it is used up.
    """
    groups, size, _ = total.shape
    parent = np.tile(np.arange(size), (groups, 1))
    weight = np.ones((groups, size))
    total[:, np.arange(size), np.arange(size)] = -np.inf
    at = np.arange(groups)
    while at.size:
        mean = total[at] / (weight[at][:, :, None] * weight[at][:, None, :])
        best = mean.reshape(at.size, -1).argmax(axis=1)
        go = mean.reshape(at.size, -1)[np.arange(at.size), best] > threshold
        at, best = at[go], best[go]
        one, other = np.minimum(best // size, best % size), np.maximum(best // size, best % size)
        total[at, one, :] += total[at, other, :]
        total[at, :, one] = total[at, one, :]
        total[at, other, :] = total[at, :, other] = -np.inf
        total[at, one, one] = -np.inf
        weight[at, one] += weight[at, other]
        parent[at] = np.where(parent[at] == other[:, None], one[:, None], parent[at])
    return parent
