-- Argument: the first of the bookings, whose ids follow one another.
local booking

function init(arguments)
   booking = tonumber(arguments[1])
end

function request()
   booking = booking + 1
   return wrk.format("POST", string.format("/bookings/%d/confirm", booking - 1))
end
