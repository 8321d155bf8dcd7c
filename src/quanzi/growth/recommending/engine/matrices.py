"""Shapes that the parts of the engine share."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.integer[Any]]
Flags = NDArray[np.bool_]
Sparse = Any
"""A scipy sparse array in rows (csr); scipy tells the type checker nothing."""

BLOCK_NUMBERS = 24_000_000
"""Numbers in one dense block of scores, at most: 96 MB."""


class Ranker(Protocol):
    """Whatever can score all goods for some people."""

    def scores(self, rows: Ints) -> Floats:
        """One row of scores for each person; higher is better. A fresh array that the caller may change."""
        ...


def matrix_of(entries: Sequence[tuple[int, int, float]], shape: tuple[int, int], *, added: bool = True) -> Sparse:
    """A sparse matrix from (row, column, weight). Entries of one cell count once (the weights' mean when they differ).

    added: weights of one cell add up, unless all weights are 1: the same line twice is then one fact.
    """
    if not entries:
        return sparse.csr_array(shape, dtype=np.float32)
    rows, columns, weights = (np.array(part) for part in zip(*entries, strict=True))
    weights = weights.astype(np.float32)
    found = sparse.coo_array((weights, (rows, columns)), shape=shape).tocsr()
    if not added or np.all(weights == 1):
        times = sparse.coo_array((np.ones(len(weights), np.float32), (rows, columns)), shape=shape).tocsr()
        found.data /= times.data
    return found


def blocks(rows: Ints, width: int) -> Iterator[Ints]:
    """The rows in pieces, so that a dense piece of this width stays small."""
    size = int(np.clip(BLOCK_NUMBERS // max(width, 1), 16, 512))
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def in_threads[Given, Found](work: Callable[[Given], Found], pieces: Iterator[Given]) -> Iterator[Found]:
    """Work on the pieces on two cores at most, in order; few pieces are in the air at once."""
    workers = min(2, os.cpu_count() or 1)
    with ThreadPoolExecutor(workers) as pool:
        waiting = []
        for piece in pieces:
            waiting.append(pool.submit(work, piece))
            if len(waiting) > workers:
                yield waiting.pop(0).result()
        for one in waiting:
            yield one.result()
