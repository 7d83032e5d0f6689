/** What a program or a provider package of your own builds on. The command line is `keelson`. */
export type { Account, AccountRecord, Authenticator, RoleHeld } from "./model/account.js";
export type { Assessment } from "./model/assessment.js";
export type { Diagnostic } from "./model/diagnostic.js";
export type { Finding, PolicyCounts, Posture, RiskScore } from "./model/finding.js";
export type { Known, KnownList, Millis } from "./model/known.js";
export type * from "./model/objects.js";
export type { CollectionName, Coverage, CoverageReason, ReadRecord, RequestRef } from "./model/snapshot.js";
export type { ActionSpec, ActionTarget, Inspection, Verification } from "./provider/action.js";
export { createClient } from "./provider/client.js";
export type { HttpAnswer, HttpDialect, HttpRequest } from "./provider/http.js";
export type { ConnectConfig, Connection, DoctorReport, Provider, ReadContext, Reader, ReadPage } from "./provider/provider.js";
export type { SettingSpec } from "./provider/setting.js";
export { loadStack } from "./stack/load.js";
export type { Stack } from "./stack/stack.js";
