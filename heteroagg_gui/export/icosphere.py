"""A triangulated sphere for surface meshes."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

_GOLDEN = (1 + 5**0.5) / 2
_CORNERS = np.array(
    [
        *((-1, _GOLDEN, 0), (1, _GOLDEN, 0), (-1, -_GOLDEN, 0), (1, -_GOLDEN, 0)),
        *((0, -1, _GOLDEN), (0, 1, _GOLDEN), (0, -1, -_GOLDEN), (0, 1, -_GOLDEN)),
        *((_GOLDEN, 0, -1), (_GOLDEN, 0, 1), (-_GOLDEN, 0, -1), (-_GOLDEN, 0, 1)),
    ]
)


@cache
def icosphere(subdivisions: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return vertices and triangles of a mesh with the volume of the unit sphere.

    Parameters
    ----------
    subdivisions
        How often each triangle of the icosahedron is split into four; 2 gives 162
        vertices and 320 triangles.

    Returns
    -------
    tuple
        Vertices of shape (V, 3), all at one distance slightly above 1 from the origin so
        that the flat triangles enclose the sphere's volume; triangles of shape (F, 3),
        counter-clockwise seen from outside. Both are read-only.
    """
    vertices = _CORNERS / np.linalg.norm(_CORNERS[0])
    triangles = _faces(vertices)
    for _ in range(subdivisions):
        vertices, triangles = _subdivide(vertices, triangles)
    vertices = vertices * (4 / 3 * np.pi / _volume(vertices, triangles)) ** (1 / 3)
    vertices.setflags(write=False)
    triangles.setflags(write=False)
    return vertices, triangles


def _faces(corners: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the 20 triples of corners that are mutual neighbours, turned outwards."""
    distances = np.linalg.norm(corners[:, None] - corners[None], axis=2)
    near = np.isclose(distances, distances[distances > 0].min())
    triples = [
        (i, j, k)
        for i in range(12)
        for j in range(i + 1, 12)
        for k in range(j + 1, 12)
        if near[i, j] and near[j, k] and near[i, k]
    ]
    turned = [
        (i, j, k) if np.linalg.det(corners[[i, j, k]]) > 0 else (i, k, j) for i, j, k in triples
    ]
    return np.array(turned)


def _subdivide(
    vertices: NDArray[np.float64], triangles: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Split each triangle at the middles of its edges, which move out to the sphere."""
    edges = np.sort(triangles[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2), axis=1)
    unique, index = np.unique(edges, axis=0, return_inverse=True)
    middles = vertices[unique].sum(axis=1)
    middles /= np.linalg.norm(middles, axis=1, keepdims=True)
    a, b, c = triangles.T
    ab, bc, ca = (len(vertices) + index.reshape(-1, 3)).T
    quarters = [(a, ab, ca), (b, bc, ab), (c, ca, bc), (ab, bc, ca)]
    split = np.concatenate([np.stack(corners, axis=1) for corners in quarters])
    return np.concatenate([vertices, middles]), split


def _volume(vertices: NDArray[np.float64], triangles: NDArray[np.int64]) -> float:
    return float(np.linalg.det(vertices[triangles]).sum() / 6)
