import { createClient } from "../../src/provider/client.js";
import { testDialect } from "../../src/provider/test-dialect.js";
import { testServer, json } from "../../src/provider/test-server.js";
import { createTransport } from "../../src/provider/transport.js";
const server = await testServer((_s, r) => json(r, 200, Array.from({length:200},(_, i)=>({id:i, profile:{login:"abc"+i}}))));
const N=2000;
for (const conc of [8,30]) {
const t = createTransport({origin:new URL(server.url), connections: conc});
let t0=performance.now();
let i=0; await Promise.all(Array.from({length:conc}, async()=>{ while(i++<N) JSON.parse((await t.send({method:"GET",url:server.url+"/a",headers:new Headers({a:"b"}),body:null,signal:new AbortController().signal})).text);}));
console.log("transport",conc, performance.now()-t0);
await t.close();
const c=createClient({baseUrl:server.url,dialect:testDialect(),now:Date.now,maxConcurrency:conc});
t0=performance.now();
await Promise.all(Array.from({length:N},()=>c.send({method:"GET",path:"/a"})));
console.log("client",conc, performance.now()-t0, c.stats().concurrency);
await c.close();
}
// 100k waiters
const { createBudget } = await import("../../src/provider/budget.js");
const { createServerClock } = await import("../../src/provider/server-clock.js");
const { setMaxListeners } = await import("node:events");
const ac = new AbortController(); setMaxListeners(0, ac.signal);
const b = createBudget({now:Date.now, sleep: async()=>{}, clock:createServerClock(), reserve:0, maxConcurrency:30});
let t1=performance.now();
await Promise.all(Array.from({length:100_000}, async()=>{const p=await b.acquire("x",{signal:ac.signal,latest:()=>Infinity,first:false}); if("tooLong" in p) throw 1; await null; p.done({limit:null,remaining:null,resetAt:null,serverNow:null,concurrency:false});}));
console.log("100k budget", performance.now()-t1);
await server.close();
