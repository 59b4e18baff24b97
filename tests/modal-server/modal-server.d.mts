export interface ModalServerOptions {
  tokenId: string;
  tokenSecret: string;
  /** The Python that runs the host. */
  python: string;
  /** Further arguments of the host. Default: none. */
  hostArguments?: readonly string[];
  /** By which Modal's SDK is found. */
  require: NodeJS.Require;
}

export interface ServedSandbox {
  id: string;
  pid: number;
  definition: {
    name?: string;
    timeoutSecs: number;
    entrypointArgs: string[];
    networkAccess?: { networkAccessType: number; allowedCidrs: string[] };
    openPorts?: { ports: { port: number; unencrypted: boolean }[] };
    volumeMounts: { volumeId: string; mountPath: string }[];
    resources?: { milliCpu: number; memoryMb: number; gpuConfig?: { gpuType: string; count: number } };
  };
  /** Of the tunnel, once the host listens. */
  address: { host: string; port: number } | null;
  output: { data: string; fileDescriptor: number }[];
  result: { status: number; exitcode: number } | null;
  /** As at its timeout. */
  expire(): void;
}

export interface ModalServer {
  url: string;
  requests: { name: string; request: unknown }[];
  sandboxes(): ServedSandbox[];
  images(): { id: string; commands: string[]; built: boolean }[];
  /** The next calls of this name fail with a gRPC status. */
  failNext(name: string, code: number, details: string, times?: number): void;
  /** Every build fails with this text; null: they do what they are told. */
  failImages(exception: string | null): void;
  stop(): Promise<void>;
}

export function startModalServer(options: ModalServerOptions): Promise<ModalServer>;
