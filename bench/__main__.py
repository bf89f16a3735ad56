import subprocess, sys
from bench.services import lasting_services

with lasting_services() as env:
    subprocess.run([sys.executable, "-m", "bench.flow"], env=env)
