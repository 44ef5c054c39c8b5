// The types of voice.js, as far as the console uses them. @twilio/voice-sdk 2.x.

export interface Outputs {
  set(ids: string[]): Promise<void>;
  test(): Promise<unknown>;
}
export interface AudioHelper {
  readonly ringtoneDevices: Outputs;
  readonly speakerDevices: Outputs;
  incoming(on?: boolean): boolean;
  outgoing(on?: boolean): boolean;
  disconnect(on?: boolean): boolean;
  setInputDevice(id: string): Promise<void>;
}
export interface CallEvents {
  accept(): void;
  cancel(): void;
  disconnect(): void;
  reject(): void;
  error(problem: { code: number }): void;
  reconnecting(): void;
  reconnected(): void;
}
export class Call {
  on<E extends keyof CallEvents>(event: E, heard: CallEvents[E]): void;
  accept(): void;
  reject(): void;
  disconnect(): void;
  mute(on: boolean): void;
  sendDigits(digits: string): void;
}
export interface DeviceEvents {
  registered(): void;
  unregistered(): void;
  destroyed(): void;
  incoming(call: Call): void;
  tokenWillExpire(): void;
  error(problem: { code: number }): void;
}
export class Device {
  constructor(token: string, options?: Record<string, unknown>);
  readonly audio: AudioHelper | null;
  on<E extends keyof DeviceEvents>(event: E, heard: DeviceEvents[E]): void;
  register(): Promise<void>;
  unregister(): Promise<void>;
  updateToken(token: string): void;
  destroy(): void;
}
