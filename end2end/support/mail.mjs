import { once } from "node:events";
import PostalMime from "postal-mime";
import { SMTPServer } from "smtp-server";

/**
 * A letter as it is read.
 * @typedef {object} Letter
 * @property {string} to The recipient's address.
 * @property {string} from The sender's address.
 * @property {string} subject
 * @property {string} text
 * @property {string} html
 * @property {string[]} links The addresses in the text, in order.
 */

/** @typedef {{ resolve: (letter: Letter) => void, reject: (error: Error) => void }} Waiter */

/** How long a letter may take, in milliseconds: less than a test may. */
const patience = 10_000;

/** A running mail server that takes every letter, and keeps it until somebody asks. */
export class MailServer {
  /** Letters that nobody has asked for, the oldest first. @type {Letter[]} */
  #letters = [];
  /** Who waits for a letter to an address, the longest waiting first. @type {Map<string, Waiter[]>} */
  #waiting = new Map();
  #server;

  constructor() {
    this.url = "";
    this.#server = new SMTPServer({
      disabledCommands: ["AUTH", "STARTTLS"],
      disableReverseLookup: true,
      onData: (stream, session, callback) => {
        const to = session.envelope.rcptTo.map(({ address }) => address);
        this.#receive(stream, to).then(() => callback(), callback);
      },
    });
  }

  /** Starts one on a free port, or on the given one. `url` is what `smtp` is set to. */
  static async start(port = 0) {
    const mail = new MailServer();
    const server = mail.#server.listen(port, "127.0.0.1");
    await once(server, "listening");
    const address = /** @type {import("node:net").AddressInfo} */ (server.address());
    mail.url = `smtp://127.0.0.1:${address.port}`;
    return mail;
  }

  /**
   * The oldest letter to this address that nobody was given before, as soon as there is one.
   * @param {string} address
   * @returns {Promise<Letter>}
   */
  next(address) {
    const place = this.#letters.findIndex(({ to }) => to === address);
    const [letter] = place < 0 ? [] : this.#letters.splice(place, 1);
    if (letter) return Promise.resolve(letter);
    return new Promise((resolve, reject) => {
      const waiters = this.#waiting.get(address) ?? [];
      this.#waiting.set(address, waiters);
      /** @type {Waiter} */
      const waiter = {
        resolve: (letter) => (clearTimeout(timer), resolve(letter)),
        reject: (error) => (clearTimeout(timer), reject(error)),
      };
      const timer = setTimeout(() => {
        waiters.splice(waiters.indexOf(waiter), 1);
        const others = this.#letters.map(({ to, subject }) => `\n  ${to}: ${subject}`).join("");
        reject(new Error(`no letter came for ${address}; unread: ${others || "none"}`));
      }, patience);
      waiters.push(waiter);
    });
  }

  /** The letters that nobody has asked for. A test that expects none looks here, after what would have sent one. */
  get unread() {
    return [...this.#letters];
  }

  async stop() {
    for (const waiter of [...this.#waiting.values()].flat()) waiter.reject(new Error("the mail server has stopped"));
    this.#waiting.clear();
    await new Promise((resolve) => this.#server.close(() => resolve(undefined)));
  }

  /**
   * @param {import("node:stream").Readable} stream
   * @param {string[]} recipients
   */
  async #receive(stream, recipients) {
    const chunks = [];
    for await (const chunk of stream) chunks.push(chunk);
    const { from, subject = "", text = "", html = "" } = await PostalMime.parse(Buffer.concat(chunks));
    const links = text.match(/https?:\/\/\S+/g) ?? [];
    for (const to of recipients) {
      const letter = { to, from: from?.address ?? "", subject, text, html, links };
      const waiter = this.#waiting.get(to)?.shift();
      if (waiter) waiter.resolve(letter);
      else this.#letters.push(letter);
    }
  }
}
