"""The engine that recommends: numpy and scipy only, used by the shop and by `quanzi evaluate` alike. See README.md beside the room."""

import os

# Products of thin matrices are slower on several threads of the linear algebra library than on one, and much slower on a busy machine. We
# work on two blocks of people at a time instead. It is read when numpy is first loaded, so this stands before it.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
