/** Makes `folder` and what is missing above it. @throws the system's error where one of them cannot be made */
export function makeFolder(folder: string, mode?: number): void;
