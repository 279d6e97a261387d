-- Argument: the ETag that is known already, or nothing.
function init(arguments)
   if arguments[1] then
      wrk.headers["If-None-Match"] = arguments[1]
   end
end
