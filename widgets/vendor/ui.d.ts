// The types of ui.js, as far as the console uses them. Preact 11, hooks, htm, signals.

export type Child = VNode | Signal<any> | string | number | bigint | boolean | null | undefined | Child[];

export interface VNode {
  readonly type: unknown;
  readonly props: Record<string, any>;
  readonly key: unknown;
}

export type Component<P = {}> = (props: P & { children?: Child }) => Child;

export function h(
  type: string | Component<any>,
  props: Record<string, any> | null,
  ...children: Child[]
): VNode;
export function render(tree: Child, parent: Element | DocumentFragment | ShadowRoot): void;
export function html(strings: TemplateStringsArray, ...values: unknown[]): VNode;

export interface Ref<T> {
  current: T;
}
export function createRef<T = Element>(): Ref<T | null>;
export interface Context<T> extends Component<{ value: T }> {
  Provider: Component<{ value: T }>;
}
export function createContext<T>(value: T): Context<T>;
export const Fragment: Component;

type Cleanup = void | (() => void);
type Change<S> = (next: S | ((previous: S) => S)) => void;

export function useState<S>(initial: S | (() => S)): [S, Change<S>];
export function useState<S = undefined>(): [S | undefined, Change<S | undefined>];
export function useReducer<S, A>(reduce: (state: S, action: A) => S, initial: S): [S, (action: A) => void];
export function useEffect(run: () => Cleanup, inputs?: readonly unknown[]): void;
export function useLayoutEffect(run: () => Cleanup, inputs?: readonly unknown[]): void;
export function useRef<T>(initial: T): Ref<T>;
export function useRef<T = undefined>(): Ref<T | undefined>;
export function useMemo<T>(make: () => T, inputs?: readonly unknown[]): T;
export function useCallback<F extends (...given: any[]) => any>(callback: F, inputs: readonly unknown[]): F;
export function useContext<T>(context: Context<T>): T;
export function useId(): string;
export function useErrorBoundary(callback?: (error: unknown) => void): [unknown, () => void];

export class Signal<T = unknown> {
  constructor(value?: T);
  value: T;
  peek(): T;
  subscribe(listener: (value: T) => void): () => void;
  toJSON(): T;
  toString(): string;
}
export interface ReadonlySignal<T = unknown> extends Signal<T> {
  readonly value: T;
}
export function signal<T>(value: T): Signal<T>;
export function signal<T = undefined>(): Signal<T | undefined>;
export function computed<T>(compute: () => T): ReadonlySignal<T>;
export function effect(run: () => Cleanup): () => void;
export function batch<T>(run: () => T): T;
export function untracked<T>(run: () => T): T;
export function useSignal<T>(value: T): Signal<T>;
export function useSignal<T = undefined>(): Signal<T | undefined>;
export function useComputed<T>(compute: () => T): ReadonlySignal<T>;
export function useSignalEffect(run: () => Cleanup): void;
