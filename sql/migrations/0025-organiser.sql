-- An event is run from one screen.

-- So that messages in trouble are found among millions that are not.
CREATE INDEX outbox_in_trouble ON public.outbox (id) WHERE state = 'failed' OR (state = 'waiting' AND last_error IS NOT NULL);

-- They take more parameters.
DROP FUNCTION IF EXISTS public.list_event_bookings;
DROP FUNCTION IF EXISTS public.confirm_booking;
DROP FUNCTION IF EXISTS public.revive_booking;
