CREATE TRIGGER booking_changed
AFTER UPDATE ON public.bookings
REFERENCING OLD TABLE AS before NEW TABLE AS after
FOR EACH STATEMENT
EXECUTE FUNCTION public.record_booking_change();

COMMENT ON TRIGGER booking_changed ON public.bookings IS 'A line of the booking''s history for each change of its status or seats.';
