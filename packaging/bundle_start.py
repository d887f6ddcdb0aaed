"""Where the bundle starts: the command `otherwise`, or one of our modules as a child process.

In a bundle `sys.executable` is the bundle itself, so `[sys.executable, "-m", "engines…"]`, with which a lane is
spawned, arrives here.
"""

import multiprocessing
import runpy
import sys

if __name__ == "__main__":
    multiprocessing.freeze_support()
    if sys.argv[1:2] == ["-m"] and sys.argv[2].split(".")[0] in ("engines", "studio"):
        module = sys.argv[2]
        sys.argv[:3] = [module]
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    else:
        from studio.cli import main  # a lane needs none of it

        sys.exit(main())
