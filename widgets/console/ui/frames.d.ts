// The shapes of widgets/console/frames.py and of the chat frames, as the desk reads them.

export interface Because { ok: boolean; words: string }
export interface Need {
  crime: string; age: string; language: string; access: string; area: string; urgency: string;
  gender: string;
}
export interface Crime { key: string; label: string }
export interface Service { key: string; name: string; number: string; zone: string; crimes: Crime[] }
export interface You {
  staff: string; name: string; first: string; hub: string; hub_name: string; role: string;
  on_duty: boolean; state: "available" | "busy" | "wrap" | "break" | "offline";
  because: Because[]; load: number; capacity: number;
  checking: boolean; resting: boolean; lead: boolean; closing: string; phone: OwnPhone;
}
export type Channel = "chat" | "voice" | "sms";
export interface Offer {
  contact: string; offer_no: number; channel: Channel; hub_name: string; need_words: string;
  waited_from: string; until: string; reason: string; seconds: number; giver: string; lead_worker: string;
}
export interface Asked { first: string; at: string; answer: string }
export interface OnLine {
  id: string;
  kind: "caller" | "advisor" | "interpreter" | "police" | "hub" | "number" | "supervisor" | "colleague";
  name: string; state: "ringing" | "talking" | "held" | "left" | "failed";
  muted: boolean; coaching: boolean; you: boolean;
}
export interface Answered { question: string; answer: "yes" | "no" | "nothing"; at: string }
export interface Call {
  state: "waiting" | "ringing you" | "talking" | "on hold" | "ended"; since: string | null;
  legs: OnLine[]; hold: boolean; muted: boolean; keys: string; leg: "phone" | "browser";
  transfer: string; answers: Answered[];
}
export interface OwnPhone {
  leg: "phone" | "browser"; ready: boolean; browsers: boolean; rehearsed: boolean; number: string;
}
export interface Helper { key: string; name: string }
export interface Helpers { interpreters: Helper[]; forces: Helper[] }
export interface Reply { ok: boolean; words: string; until: string | null }
export interface WithYou {
  contact: string; assignment_no: number; conversation: string | null; channel: Channel;
  state: "active" | "wrapping"; label: string; since: string; need: Need; need_words: string;
  area_found: string; hub_name: string; visitor: string; call: Call | null; reply: Reply | null;
  asked: Asked[]; number: string; silent_since: string | null; ended_at: string | null;
  handing_to: string; handing_until: string | null; beside: string[]; owner: string; lead_worker: string;
}
export interface Waiting {
  contact: string; channel: Channel; hub_name: string; need_words: string; since: string;
  rung_words: string; next_words: string; next_at: string | null; offered_to: string | null; front: boolean; late: boolean;
  offer_no: number; lead: boolean; lead_worker: string;
}
export interface Colleague {
  staff: string; first: string; hub_name: string; state: string; words: string; free: number;
  away: boolean; lead: boolean;
}
export interface Hub {
  key: string; name: string; central: boolean; paused: string; paused_until: string | null; lead: boolean;
}
export interface Held {
  contact: string; assignment_no: number; channel: Channel; hub_name: string; need_words: string;
  owner: string; since: string; visitor: string; joined: boolean;
}
export interface Desk {
  t: "desk"; now: string; service: Service; you: You; offers: Offer[]; with_you: WithYou[];
  waiting: Waiting[]; last_contact_at: string | null; colleagues: Colleague[]; hubs: Hub[];
  floor: Held[]; promises: number; promises_late: number; notices: number; helpers: Helpers;
}
export interface Explained {
  t: "explained"; re: number; contact: string; next_words: string; next_at: string | null;
  told: { at: string; words: string }[]; asked: Asked[];
  against: { first: string; hub_name: string; why: string[] }[];
}
export interface Went { t: "went"; contact: string; to: string }
export interface Choice { key: string; words: string }
export interface KeptApart { id: string; words: string; said_by: string; at: string }
export interface Needed {
  t: "needed"; re: number; contact: string; crime: string; age: string; language: string;
  gender: string; urgency: string; interpreter: boolean; lead: string; crimes: Choice[];
  languages: Choice[]; people: Choice[]; apart: KeptApart[]; leads: boolean;
}
export interface Delivered { t: "delivered"; conversation: string; seq: number }
export interface Cursor { epoch: string; seq: number }
export interface Message {
  t: "message"; conversation: string; epoch: string; seq: number;
  from: "you" | "visitor" | "advisor" | "line"; name?: string | null; text: string; at: string;
  client_id?: string;
}
export interface Ack {
  t: "ack"; conversation: string; client_id: string; epoch: string; seq: number; at: string;
}
export interface Welcome {
  t: "welcome"; conversation: string; epoch: string; seq: number; reset: boolean;
}
export interface Note {
  t: "note"; conversation: string; number: number; after_seq: number; name: string; text: string;
  at: string; client_id?: string | null;
}
export interface Delivery {
  t: "delivery"; conversation: string; seq: number; state: string; words?: string;
}
export interface TypingNow { t: "typing"; conversation: string; on: boolean; name?: string | null }
export interface Done { t: "done"; re: number; contact?: string }
export interface Problem {
  t: "error"; code: string; words: string; re?: number; client_id?: string; conversation?: string;
  after?: number;
}
export interface StillHere { t: "beat" }
export type Frame =
  | Desk | Message | Note | Ack | Welcome | Delivery | Delivered | Explained | Needed | Went | TypingNow | Done | Problem | StillHere
  | { t: "state"; conversation: string } | { t: "move"; after: number };

export interface Pending {
  client_id: string; text: string; kind: "said" | "note"; at: number;
  state: "sending" | "sent" | "not sent"; words: string; seq: number;
}
export interface Line {
  state: "connecting" | "live" | "gone" | "signed out"; since: number; again: number;
}
export interface WrapDraft {
  type: string; outcome: string; crime: string; speaking: string; reported: string;
  safe_contact_asked: string; abusive: boolean; silent: boolean; hard: boolean; about: string;
}
export interface Notice { id: number; words: string; tone: "" | "lamp" | "danger"; about: string }
