import subprocess
import sys


def test_what_is_there_is_not_looked_at_again():
    # In a process of its own: what is frozen is never given back.
    program = "import gc; from ivr.heap import settle; settle(); print(len(gc.get_objects()) < gc.get_freeze_count())"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30)
    assert (done.stdout, done.stderr) == ("True\n", "")
