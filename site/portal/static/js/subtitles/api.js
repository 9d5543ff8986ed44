// The editor's requests. Every failure is a Refusal with a code and words, or Unreachable when nobody answered.
const PATIENCE_MS = 20000;

export class Refusal extends Error {
  constructor(status, body) {
    super(body.detail || "请求没有完成，请再试一次。");
    this.status = status;
    this.code = body.code || "refused";
    this.body = body;
  }
}

export class Unreachable extends Error {}

export class Api {
  constructor(base) {
    this.base = base;
  }

  async get(path) {
    return (await this.ask(path)).json();
  }

  async post(path, body, options = {}) {
    const headers = { "content-type": "application/json" };
    return (await this.ask(path, { method: "POST", headers, body: JSON.stringify(body), ...options })).json();
  }

  async ask(path, options = {}) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
    let answer;
    try {
      answer = await fetch(this.base + path, { cache: "no-store", signal: stop.signal, ...options });
    } catch {
      throw new Unreachable();
    } finally {
      clearTimeout(timer);
    }
    if (answer.ok) return answer;
    if (answer.status >= 502) throw new Unreachable();
    throw new Refusal(answer.status, await answer.json().catch(() => ({})));
  }
}
