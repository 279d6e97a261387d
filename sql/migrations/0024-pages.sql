-- The list of events can be asked for those with free seats.

-- Their parameters have changed.
DROP FUNCTION IF EXISTS public.list_events;
DROP FUNCTION IF EXISTS public.is_listed;
