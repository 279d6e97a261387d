-- Arguments: a name for the run, the first event, how many events, the pause between a connection's requests in ms, and
-- "addresses" if a proxy is to say of each request that it comes from another one.
local run, first, events, pause, addresses, number

function init(arguments)
   run, first, events, pause = arguments[1], arguments[2], arguments[3], tonumber(arguments[4])
   addresses = arguments[5] == "addresses"
   number = 0
   math.randomseed(tonumber(run))
end

function delay()
   return pause == 0 and 0 or -math.log(1 - math.random()) * pause
end

function request()
   number = number + 1
   local path = string.format("/events/%d/book", first + math.random(events) - 1)
   local body = string.format('{"email":"booker-%s-%d@example.org"}', run, number)
   local headers = { ["Content-Type"] = "application/json" }
   if addresses then
      headers["X-Forwarded-For"] = string.format("10.%d.%d.%d", math.random(255), math.random(255), math.random(255))
   end
   return wrk.format("POST", path, headers, body)
end
