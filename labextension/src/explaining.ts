/**
 * Has the kernel explain code. Enters: requests of answer views. Leaves: what the kernel says, given to whoever asked.
 */
import type { IExplained, IExplaining } from './answer/explanation';
import { Transcript } from './answer/transcript';
import type { KernelConnector } from './connector';
import type { FromKernel } from './tokens';

/** The kernel takes no more code than this, in characters. */
const MOST_CODE = 20_000;

/** One that the kernel has been asked for. */
interface IOpen {
  explaining: IExplaining;
  text: Transcript;
}

export class Explainer {
  constructor(private readonly _connector: KernelConnector) {
    _connector.message.connect(this._onMessage, this);
    _connector.attachedChanged.connect(this._onAttachedChanged, this);
  }

  explain(explaining: IExplaining): void {
    const why = this._refusal(explaining.code);
    if (why) {
      explaining.tell(failed(why));
      return;
    }
    this._asked += 1;
    const id = `explain-${Math.random().toString(36).slice(2)}-${this._asked}`;
    this._open.set(id, { explaining, text: new Transcript() });
    explaining.signal.addEventListener('abort', () => {
      if (this._open.delete(id)) {
        this._connector.send({ type: 'explain', id, stop: true });
      }
    });
    this._connector.send({ type: 'explain', id, code: explaining.code, language: explaining.language });
  }

  /** Why the kernel is not asked, "" if it is. */
  private _refusal(code: string): string {
    if (!this._connector.attached) {
      return 'askance is not loaded in this kernel. Run: %load_ext askance';
    }
    return !code.trim() ? 'There is no code to explain.' : code.length > MOST_CODE ? 'This is too long to be explained: ask about a part of it.' : '';
  }

  private _onMessage(_: KernelConnector, message: FromKernel): void {
    const open = 'id' in message ? this._open.get(message.id) : undefined;
    if (open && message.type === 'explanation') {
      open.text.append(message.start, message.text);
      open.explaining.tell({ state: 'streaming', text: open.text.text, notice: '' });
    } else if (open && message.type === 'explained') {
      this._open.delete(message.id);
      const { state, text, notice } = message;
      open.explaining.tell({ state, text, notice });
    }
  }

  private _onAttachedChanged(_: KernelConnector, attached: boolean): void {
    if (!attached) {
      const left = [...this._open.values()];
      this._open.clear();
      left.forEach(({ explaining, text }) => explaining.tell({ ...failed('The kernel went away.'), text: text.text }));
    }
  }

  private readonly _open = new Map<string, IOpen>();
  private _asked = 0;
}

function failed(notice: string): IExplained {
  return { state: 'error', text: '', notice };
}
