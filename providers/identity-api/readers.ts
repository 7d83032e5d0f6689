import type { Reader } from "../../src/provider/provider.js";
import type { IdentityConnection } from "./connection.js";
import { accounts } from "./read-accounts.js";
import { derivedReaders } from "./read-facts.js";

export const readers: Reader<IdentityConnection>[] = [accounts, ...derivedReaders];
