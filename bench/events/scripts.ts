/** The Python that logs: a fixed number of calls at a fixed rate, each telling when it was made. */

/** One point a call, its value the time of the call. Says at its end how late it was. */
export const pacedScript = ({ calls, perSecond }: { calls: number; perSecond: number }): string => `
import time
from tempera import log
begun = time.time() + 1
for call in range(${calls}):
    early = begun + call / ${perSecond} - time.time()
    if early > 0:
        time.sleep(early)
    log(call, {'sent': time.time()})
print('calls a second:', ${calls} / (time.time() - begun))
`;

/** As fast as is asked, in bursts of a hundredth of a second. */
export const fastScript = ({ calls, perSecond }: { calls: number; perSecond: number }): string => `
import time
from tempera import log
burst = ${Math.max(1, Math.round(perSecond / 100))}
begun = time.time()
log(0, {'sent': begun})
for call in range(1, ${calls}):
    log(call, {'sent': time.time()})
    if call % burst == 0:
        early = begun + call / ${perSecond} - time.time()
        if early > 0:
            time.sleep(early)
print('calls a second:', ${calls} / (time.time() - begun))
`;
