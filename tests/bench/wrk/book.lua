-- Arguments: a name for the run, the first event, how many events, and the pause between a connection's requests in ms.
local run, first, events, pause, number

function init(arguments)
   run, first, events, pause = arguments[1], arguments[2], arguments[3], tonumber(arguments[4])
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
   return wrk.format("POST", path, { ["Content-Type"] = "application/json" }, body)
end
