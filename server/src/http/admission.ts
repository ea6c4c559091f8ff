/** Admission control (server.md §9): per actor, a cap on writes under way and on the sum of their byte estimates. */

import { HttpError } from './http-error.js';
import type { Environment } from './tokens.js';

export interface AdmissionLimits {
  readonly inFlight: number;
  readonly bytes: number;
}

export interface Admission {
  /** Admits or throws 429; the returned function releases what was taken and may be called once. */
  enter(actor: string | null, estimatedBytes: number): () => void;
}

export function openAdmission(limits: AdmissionLimits): Admission {
  const load = new Map<string, { requests: number; bytes: number }>();
  return {
    enter(actor, estimatedBytes) {
      const key = actor ?? 'anonymous';
      const current = load.get(key) ?? { requests: 0, bytes: 0 };
      if (current.requests + 1 > limits.inFlight) {
        throw tooMany(`actor '${key}' already has ${current.requests} writes under way, the cap is ${limits.inFlight}`);
      }
      if (current.bytes + estimatedBytes > limits.bytes) {
        throw tooMany(
          `actor '${key}' would have ${current.bytes + estimatedBytes} bytes of writes under way, the cap is ${limits.bytes}`,
        );
      }
      load.set(key, { requests: current.requests + 1, bytes: current.bytes + estimatedBytes });
      return () => {
        const now = load.get(key);
        if (now === undefined) return;
        if (now.requests === 1) load.delete(key);
        else load.set(key, { requests: now.requests - 1, bytes: now.bytes - estimatedBytes });
      };
    },
  };
}

/** Limits from the environment; an unparsable value warns and keeps the default. */
export function admissionLimits(env: Environment, warn: (message: string) => void): AdmissionLimits {
  return {
    inFlight: readLimit(env, 'OMNIGRAPH_PER_ACTOR_INFLIGHT_MAX', 16, 2 ** 32 - 1, warn),
    bytes: readLimit(env, 'OMNIGRAPH_PER_ACTOR_BYTES_MAX', 4_294_967_296, Number.MAX_SAFE_INTEGER, warn),
  };
}

function readLimit(
  env: Environment,
  name: string,
  fallback: number,
  most: number,
  warn: (message: string) => void,
): number {
  const text = env[name]?.trim() ?? '';
  if (text === '') return fallback;
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= most) return value;
  warn(`${name}=${text} is not a number from 0 to ${most}; using ${fallback}`);
  return fallback;
}

const tooMany = (message: string): HttpError =>
  new HttpError(429, 'too_many_requests', message, {}, { 'Retry-After': '60' });
