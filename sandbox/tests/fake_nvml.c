/* A driver for tests, at NVML's own C interface. What it tells is read anew at each call from the file that
   FAKE_NVML names: a line a GPU, "uuid name minor total used utilisation"; used = -1: it has fallen off its bus. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GPU_IS_LOST 15
#define NOT_FOUND 6

typedef struct { char uuid[96]; char name[96]; unsigned minor; long long total, used; unsigned rate; } gpu;
typedef struct { unsigned long long total, free, used; } memory;
typedef struct { unsigned gpu, memory; } rates;

static unsigned read_gpus(gpu *found, unsigned most) {
  FILE *file = fopen(getenv("FAKE_NVML"), "r");
  unsigned count = 0;
  if (!file) return 0;
  while (count < most && fscanf(file, "%95s %95s %u %lld %lld %u", found[count].uuid, found[count].name,
                                &found[count].minor, &found[count].total, &found[count].used, &found[count].rate) == 6)
    count++;
  fclose(file);
  return count;
}

static int read_gpu(void *handle, gpu *one) {
  gpu found[16];
  unsigned index = (unsigned)(size_t)handle - 1;
  if (index >= read_gpus(found, 16)) return NOT_FOUND;
  *one = found[index];
  return one->used < 0 ? GPU_IS_LOST : 0;
}

int nvmlInit_v2(void) { return 0; }
int nvmlShutdown(void) { return 0; }
const char *nvmlErrorString(int code) { return code == GPU_IS_LOST ? "GPU is lost" : "Not Found"; }

int nvmlDeviceGetCount_v2(unsigned *count) {
  gpu found[16];
  *count = read_gpus(found, 16);
  return 0;
}

int nvmlDeviceGetHandleByIndex_v2(unsigned index, void **handle) {
  *handle = (void *)(size_t)(index + 1);
  return 0;
}

int nvmlDeviceGetUUID(void *handle, char *text, unsigned length) {
  gpu one;
  int code = read_gpu(handle, &one);
  if (!code) snprintf(text, length, "%s", one.uuid);
  return code;
}

int nvmlDeviceGetName(void *handle, char *text, unsigned length) {
  gpu one;
  int code = read_gpu(handle, &one);
  if (!code) snprintf(text, length, "%s", one.name);
  return code;
}

int nvmlDeviceGetMinorNumber(void *handle, unsigned *minor) {
  gpu one;
  int code = read_gpu(handle, &one);
  if (!code) *minor = one.minor;
  return code;
}

int nvmlDeviceGetMemoryInfo(void *handle, memory *told) {
  gpu one;
  int code = read_gpu(handle, &one);
  if (!code) { told->total = one.total; told->used = one.used; told->free = one.total - one.used; }
  return code;
}

int nvmlDeviceGetUtilizationRates(void *handle, rates *told) {
  gpu one;
  int code = read_gpu(handle, &one);
  if (!code) { told->gpu = one.rate; told->memory = 0; }
  return code;
}
