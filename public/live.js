// Hears what happens elsewhere, for the page: one connection for all tabs of a browser that show the same organization, and none
// while nobody looks. The page asks by the event `live-join`, ends it by `live-leave`, and is told by `live`: a word, and what
// goes with it.
// docs/decisions/0017 says why it is here and not in the module.
"use strict";

(() => {
  /** How often it is looked whether the page still hears. Browsers give up on a stream that was refused once. */
  const AGAIN = 10_000;

  /** For how long a page that shows something else may take to ask for the same. */
  const SOON = 1000;

  let place = null;
  let joined = 0;
  let leaving;

  function tell(word, data = "") {
    window.dispatchEvent(new CustomEvent("live", { detail: `${word} ${data}` }));
  }

  class Place {
    source = null;
    /** The wait for the browser's lock, and what gives it back. */
    turn = null;
    release = null;
    /** What the reader may do, as it was told last. */
    rights = null;

    constructor(address, seq) {
      this.address = address;
      this.seq = seq;
      // The lock needs a page that came safely, from https or this machine. Elsewhere each page hears by itself.
      this.shares = Boolean(navigator.locks && window.BroadcastChannel);
      if (this.shares) {
        this.channel = new BroadcastChannel(address);
        this.channel.onmessage = ({ data }) => (data === "ask" ? this.answer() : this.take(...data));
      }
      this.look = this.look.bind(this);
      this.rest = this.rest.bind(this);
      document.addEventListener("visibilitychange", this.look);
      window.addEventListener("pageshow", this.look);
      window.addEventListener("pagehide", this.rest);
      this.timer = setInterval(this.look, AGAIN);
      this.look();
    }

    end() {
      document.removeEventListener("visibilitychange", this.look);
      window.removeEventListener("pageshow", this.look);
      window.removeEventListener("pagehide", this.rest);
      clearInterval(this.timer);
      this.rest();
      this.channel?.close();
    }

    /** Hears while the page is seen. */
    look() {
      if (document.hidden) return this.rest();
      if (this.source?.readyState < EventSource.CLOSED) return;
      if (this.source || !this.shares) return this.open();
      if (this.turn) return;
      // Whoever has the connection says what is known; if nobody does, this page is next.
      this.channel.postMessage("ask");
      const turn = (this.turn = new AbortController());
      const lead = () =>
        new Promise((release) => {
          if (turn.signal.aborted) return release();
          this.release = release;
          this.open();
        });
      navigator.locks.request(`live:${this.address}`, { signal: turn.signal }, lead).catch(() => {});
    }

    /** Leaves the connection to another page. */
    rest() {
      this.turn?.abort();
      this.source?.close();
      this.release?.();
      this.turn = this.source = this.release = null;
      tell("state", "unknown");
    }

    open() {
      this.source?.close();
      const after = this.seq > 0 ? `&after=${this.seq}` : "";
      const source = (this.source = new EventSource(this.address + after));
      const pass = (word, data) => {
        if (source !== this.source) return;
        this.channel?.postMessage([word, data]);
        this.take(word, data);
      };
      source.onopen = () => pass("state", "open");
      source.onerror = () => pass("state", "broken");
      for (const word of ["hello", "reload", "access", "change"]) {
        source.addEventListener(word, ({ data }) => pass(word, data));
      }
    }

    /** Says what this page knows, to a page that is new or seen again. */
    answer() {
      if (this.source?.readyState !== EventSource.OPEN) return;
      this.channel.postMessage(["state", "open"]);
      this.channel.postMessage(["hello", this.seq]);
      if (this.rights) this.channel.postMessage(["access", this.rights]);
    }

    /** A page that is not seen catches up when it is. */
    take(word, data) {
      if (document.hidden) return;
      if (word === "access") this.rights = data;
      if (word === "hello" || word === "reload") {
        const seq = Number(data);
        if (word === "reload" || (this.seq > 0 && seq > this.seq)) tell("missed");
        if (word === "reload" || seq > this.seq) this.seq = seq;
        return;
      }
      if (word === "change") {
        const { seq } = JSON.parse(data);
        if (seq <= this.seq) return;
        this.seq = seq;
      }
      tell(word, data);
    }
  }

  window.addEventListener("live-join", ({ detail }) => {
    clearTimeout(leaving);
    joined += 1;
    const [address, seq] = detail.split(" ");
    if (place?.address !== address) {
      place?.end();
      place = new Place(address, Number(seq) || 0);
    } else if (place.rights) {
      // The page shows something else by now.
      tell("access", place.rights);
    }
  });

  // The next page may want the same, and may have said so already.
  window.addEventListener("live-leave", () => {
    joined = Math.max(0, joined - 1);
    if (joined > 0) return;
    clearTimeout(leaving);
    leaving = setTimeout(() => {
      place?.end();
      place = null;
    }, SOON);
  });

  tell("ready");
})();
