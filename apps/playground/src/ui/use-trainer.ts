import { useEffect, useReducer, useRef } from 'preact/hooks';
import { startTrainer, type TrainerClient } from '../trainer/client.js';
import {
  type CodeMap,
  type Comparison,
  DEFAULT_SETTINGS,
  type OpenResult,
  type Progress,
  type Settings,
  type SummaryRow,
} from '../trainer/protocol.js';

/** What the page is doing. */
export type Phase = 'loading' | 'resting' | 'training' | 'busy' | 'failed';

export interface State {
  readonly phase: Phase;
  /** The part of the data that is loaded, 0..1. */
  readonly downloaded: number;
  readonly opened?: OpenResult;
  /** Of the run that is under way. */
  readonly settings: Settings;
  readonly progress: Progress;
  readonly comparison?: Comparison;
  readonly codeMap?: CodeMap;
  readonly summary: readonly SummaryRow[];
  readonly notice?: Notice | undefined;
}

export interface Notice {
  readonly kind: 'error' | 'warning' | 'news';
  readonly text: string;
}

const EMPTY: State = {
  phase: 'loading',
  downloaded: 0,
  settings: DEFAULT_SETTINGS,
  progress: { step: 0, epoch: 0, imagesPerSecond: 0, curve: [] },
  summary: [],
};

/** What the page can ask for; errors become notices. */
export interface Actions {
  train(): void;
  pause(): void;
  step(): void;
  reset(settings: Settings): void;
  restart(): void;
  download(): void;
  upload(file: File): void;
  notify(notice: Notice | undefined): void;
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** The state of the page, kept by what the training worker tells. */
export function useTrainer(): { state: State; actions: Actions; client: () => TrainerClient } {
  const [state, update] = useReducer(
    (before: State, change: Partial<State>): State => ({ ...before, ...change }),
    EMPTY,
  );
  const client = useRef<TrainerClient | undefined>(undefined);
  const latest = useRef(state);
  latest.current = state;

  const fail = (text: string): void => update({ phase: 'failed', notice: { kind: 'error', text } });

  const start = async (): Promise<void> => {
    client.current?.terminate();
    update(EMPTY);
    const started = startTrainer(
      {
        onDownload: (downloaded) => update({ downloaded }),
        onProgress: (progress) => update({ progress }),
        onComparison: (comparison) => update({ comparison }),
        onCodeMap: (codeMap) => update({ codeMap }),
        onWarning: (text) => update({ notice: { kind: 'warning', text } }),
      },
      (message) => fail(`The training worker stopped: ${message}`),
    );
    client.current = started;
    try {
      const opened = await started.open();
      const settings = opened.saved?.settings ?? DEFAULT_SETTINGS;
      const summary = await started.api.summary();
      const { reason } = opened.storage;
      update({
        phase: 'resting',
        opened,
        settings,
        summary,
        notice: reason === undefined ? undefined : { kind: 'warning', text: reason },
      });
    } catch (error) {
      fail(messageOf(error));
    }
  };

  // The page lives as long as the tab: the worker is started once.
  useEffect(() => {
    void start();
    return () => client.current?.terminate();
  }, []);

  const attempt = async (phase: Phase, work: () => Promise<Notice | undefined>): Promise<void> => {
    update({ phase, notice: undefined });
    try {
      const notice = await work();
      update({ phase: 'resting', ...(notice === undefined ? {} : { notice }) });
    } catch (error) {
      update({ phase: 'resting', notice: { kind: 'error', text: messageOf(error) } });
    }
  };

  const run = (steps?: number): void => {
    void attempt('training', async () => {
      await client.current!.api.train(steps);
      return latest.current.notice;
    });
  };

  const actions: Actions = {
    train: () => run(),
    step: () => run(1),
    pause: () => void client.current!.api.pause(),
    reset: (settings) => {
      void attempt('busy', async () => {
        await client.current!.api.reset(settings);
        update({ settings, summary: await client.current!.api.summary() });
        return undefined;
      });
    },
    restart: () => void start(),
    download: () => {
      void attempt('busy', async () => {
        const bytes = await client.current!.api.download();
        saveFile(bytes, 'auto-encoder.safetensors');
        return undefined;
      });
    },
    upload: (file) => {
      void attempt('busy', async () => {
        const bytes = new Uint8Array(await file.arrayBuffer());
        const text = await client.current!.api.upload(bytes);
        const summary = await client.current!.api.summary();
        const codeSize = Number(summary.find(({ path }) => path === 'code/bias')?.parameters);
        update({ settings: { ...latest.current.settings, codeSize }, summary });
        return { kind: 'news', text: `${file.name}: ${text}` };
      });
    },
    notify: (notice) => update({ notice }),
  };
  return { state, actions, client: () => client.current! };
}

function saveFile(bytes: Uint8Array, name: string): void {
  const url = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>]));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
