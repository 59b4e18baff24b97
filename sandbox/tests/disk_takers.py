"""Ways of code to take a disk: by names, descriptors, mappings, sockets, threads and processes."""

#: comes first in each
BEFORE = """
import ctypes, mmap, os, socket, threading, time
libc, block = ctypes.CDLL(None), bytes(range(256)) * 4096
"""
#: Each goes on taking until it is stopped; it then waits, so that nothing is let go before it was seen.
TAKERS = {
    'many files': """
for i in range(400):
    open(f'f{i}', 'wb').write(block)
""",
    'one file in one call after another': """
for i in range(3):
    open(f'f{i}', 'wb').write(bytes(60 << 20))
""",
    'deleted files that are still open': """
held = []
for i in range(400):
    held.append(open('f', 'wb', buffering=0)); held[-1].write(block); os.unlink('f')
""",
    'files that never had a name': """
held = []
for i in range(400):
    held.append(os.open('.', os.O_TMPFILE | os.O_WRONLY, 0o600)); os.write(held[-1], block)
""",
    'blocks that are allocated and not written': """
for i in range(400):
    with open(f'f{i}', 'wb') as file:
        os.posix_fallocate(file.fileno(), 0, len(block))
""",
    'mappings of files that are closed and deleted': """
held = []
for i in range(400):
    with open('f', 'wb+', buffering=0) as file:
        file.write(block); held.append(mmap.mmap(file.fileno(), 4096))
    os.unlink('f')
""",
    'mappings that are written': """
held = []
for i in range(8):
    with open(f'f{i}', 'wb+') as file:
        file.truncate(40 << 20); held.append(mmap.mmap(file.fileno(), 40 << 20))
for mapping in held:
    for at in range(0, len(mapping), 4096):
        mapping[at] = 1
""",
    'files on their way through a socket': """
held = []
for i in range(100):
    held.append(socket.socketpair())
    with open('f', 'wb+', buffering=0) as file:
        file.write(block); os.unlink('f'); socket.send_fds(held[-1][0], [b'x'], [file.fileno()])
""",
    'a thread with descriptors of its own': """
def take():
    libc.close_range(900, 901, 2)
    held = []
    for i in range(400):
        held.append(os.open('.', os.O_TMPFILE | os.O_WRONLY, 0o600)); os.write(held[-1], block)
    time.sleep(60)
threading.Thread(target=take).start()
""",
    'folders that are shut behind what goes in': """
for i in range(400):
    os.makedirs(f'shut{i // 40}', exist_ok=True); os.chmod(f'shut{i // 40}', 0o700)
    open(f'shut{i // 40}/{i}', 'wb').write(block); os.chmod(f'shut{i // 40}', 0)
""",
    'a process whose first thread has ended': """
def take():
    held = []
    for i in range(400):
        with open('f', 'wb+', buffering=0) as file:
            file.write(block); held.append(mmap.mmap(file.fileno(), 4096))
        os.unlink('f')
    time.sleep(60)
if os.fork() == 0:
    threading.Thread(target=take).start()
    libc.syscall(60, 0)
""",
    'processes side by side': """
for child in range(6):
    if os.fork() == 0:
        for i in range(200):
            open(f'f{child}-{i}', 'wb').write(block)
        time.sleep(60)
""",
    'folders': """
for i in range(60_000):
    os.mkdir(f'd{i}')
""",
    'more after 90,000 small files': """
for folder in range(90):
    os.mkdir(f'd{folder}')
    for i in range(1000):
        os.mknod(f'd{folder}/{i}')
print('made', flush=True)
for i in range(400):
    open(f'f{i}', 'wb').write(block)
""",
}
