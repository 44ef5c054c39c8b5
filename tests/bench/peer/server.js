/* The peer that `make bench` sets beside the product: Node, ws and better-sqlite3, as its makers
   recommend them. One commit for each message, flushed (WAL, FULL), then the ack, then the others
   in the conversation. It seals nothing, asks nobody who they are, and reads nothing back. */
import Database from "better-sqlite3";
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { WebSocketServer } from "ws";

const [file, port] = process.argv.slice(2);
const db = new Database(file);
db.pragma("journal_mode = WAL");
db.pragma("synchronous = FULL");
db.exec(`
  CREATE TABLE conversation (id TEXT PRIMARY KEY, head INTEGER NOT NULL);
  CREATE TABLE message (
    conversation TEXT NOT NULL REFERENCES conversation, seq INTEGER NOT NULL,
    sender TEXT NOT NULL, client_id BLOB NOT NULL, text TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (conversation, seq), UNIQUE (conversation, sender, client_id)
  );
`);
const begin = db.prepare("INSERT INTO conversation VALUES (?, 0)");
const headOf = db.prepare("SELECT head FROM conversation WHERE id = ?");
const again = db.prepare(
  "SELECT seq FROM message WHERE conversation = ? AND sender = ? AND client_id = ?");
const move = db.prepare("UPDATE conversation SET head = head + 1 WHERE id = ? RETURNING head");
const insert = db.prepare("INSERT INTO message VALUES (?, ?, ?, ?, ?, ?)");
const keep = db.transaction((conversation, sender, clientId, text, at) => {
  const first = again.get(conversation, sender, clientId);
  if (first) return first.seq;
  const { head } = move.get(conversation);
  insert.run(conversation, head, sender, clientId, text, at);
  return head;
});

const held = new Map();

const http = createServer((_, answer) => answer.end("ready"));
new WebSocketServer({ server: http, perMessageDeflate: false }).on("connection", (socket) => {
  let conversation = "";
  socket.on("close", () => held.get(conversation)?.delete(socket));
  socket.on("message", (raw) => {
    const frame = JSON.parse(raw);
    if (frame.t === "hello") {
      conversation = frame.token.includes(".") ? randomUUID() : frame.token;
      if (!held.has(conversation)) {
        held.set(conversation, new Set());
        begin.run(conversation);
      }
      held.get(conversation).add(socket);
      const { head } = headOf.get(conversation);
      const welcome = { v: 1, conversation, token: conversation, epoch: "1", seq: head };
      socket.send(JSON.stringify({ t: "welcome", ...welcome, reset: false }));
    } else if (frame.t === "say" && frame.conversation === conversation) {
      const at = Date.now();
      const id = Buffer.from(frame.client_id, "hex");
      const seq = keep(conversation, "visitor", id, frame.text, at);
      const { client_id } = frame;
      socket.send(JSON.stringify({ t: "ack", conversation, client_id, epoch: "1", seq, at }));
      const said = { t: "message", conversation, epoch: "1", seq, from: "you", text: frame.text, at };
      const line = JSON.stringify(said);
      for (const other of held.get(conversation)) if (other !== socket) other.send(line);
    }
  });
});
http.listen(Number(port), "127.0.0.1");
