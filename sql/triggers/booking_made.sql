CREATE TRIGGER booking_made
AFTER INSERT ON public.bookings
REFERENCING NEW TABLE AS after
FOR EACH STATEMENT
EXECUTE FUNCTION public.record_booking_change();

COMMENT ON TRIGGER booking_made ON public.bookings IS 'The first line of the booking''s history.';
