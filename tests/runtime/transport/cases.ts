/**
 * What every network must do, in one suite. A runtime's own test file gives the network, and names what the runtime
 * can't do.
 *
 * @module
 */

import { bytesCases } from "./cases/bytes.ts";
import { clientCertificateCases } from "./cases/client_certificates.ts";
import { endingCases } from "./cases/ending.ts";
import { openingCases } from "./cases/opening.ts";
import { serviceCertificateCases } from "./cases/service_certificates.ts";
import { tlsCases } from "./cases/tls.ts";
import type { Subject } from "./subject.ts";

/**
 * Declares the tests.
 *
 * @param subject The network, and what its runtime can't do.
 */
export function transportCases(subject: Subject): void {
  openingCases(subject);
  bytesCases(subject);
  endingCases(subject);
  clientCertificateCases(subject);
  if (!subject.tls) return;
  tlsCases(subject);
  serviceCertificateCases(subject);
}
