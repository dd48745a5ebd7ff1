"""Server processes quickly: everything is imported once, and each server is a fork of that.

A fresh interpreter needs a second and more to import; for 50 kills that would be most of the time.
What listens, what it has open and what dies is one whole process all the same.
"""

import os
import sys


def main() -> None:
    from server.__main__ import begin
    from server.app import create_app
    from server.listening import listen
    from server.settings import settings

    app = create_app()
    for line in sys.stdin:
        if line.strip() != "go":
            return
        child = os.fork()
        if child == 0:
            begin()
            os._exit(listen(settings, app))
        print(child, flush=True)
        os.waitpid(child, 0)
        print("ended", flush=True)


if __name__ == "__main__":
    main()
