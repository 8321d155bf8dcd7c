-- Sends the requests of a file in turn, each thread from its own place. BENCH_REQUESTS names the file: one request a
-- line, fields separated by tabs: method, path, then headers as "Name: value", and last "=body" where there is one.
-- With BENCH_ONCE each thread has its own part of the file and stops at its end.
local requests, at, last = {}, 0, nil
local threads = 0
local once = os.getenv("BENCH_ONCE") == "1"

function setup(thread)
   thread:set("place", threads)
   threads = threads + 1
end

function init(args)
   for line in io.lines(os.getenv("BENCH_REQUESTS")) do
      local method, path, headers, body, field = nil, nil, {}, nil, 0
      for part in (line .. "\t"):gmatch("([^\t]*)\t") do
         field = field + 1
         if field == 1 then method = part
         elseif field == 2 then path = part
         elseif part:sub(1, 1) == "=" then body = part:sub(2)
         else
            local name, value = part:match("^([^:]+): (.*)$")
            headers[name] = value
         end
      end
      requests[#requests + 1] = wrk.format(method, path, headers, body)
   end
   at = math.floor(#requests * place / 2)
   if once then last = at + math.floor(#requests / 2) else at = at + math.random(#requests) end
end

function request()
   if at == last then wrk.thread:stop() end
   at = at % #requests + 1
   return requests[at]
end

function done(summary, latency, calls)
   local errors = summary.errors
   io.write(string.format(
      'BENCH {"requests": %d, "microseconds": %d, "p50_us": %d, "p90_us": %d, "p99_us": %d, "bytes": %d, "refused": %d, "broken": %d}\n',
      summary.requests, summary.duration, latency:percentile(50), latency:percentile(90), latency:percentile(99), summary.bytes,
      errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
