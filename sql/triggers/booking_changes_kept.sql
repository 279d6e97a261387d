CREATE TRIGGER booking_changes_kept
BEFORE UPDATE OR TRUNCATE ON public.booking_changes
FOR EACH STATEMENT
EXECUTE FUNCTION public.keep_history();

COMMENT ON TRIGGER booking_changes_kept ON public.booking_changes IS 'History is added to and never changed, not even by its owner.';
