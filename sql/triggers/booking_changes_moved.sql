CREATE TRIGGER booking_changes_moved
AFTER DELETE ON public.booking_changes
REFERENCING OLD TABLE AS gone
FOR EACH STATEMENT
EXECUTE FUNCTION public.keep_moved_history();

COMMENT ON TRIGGER booking_changes_moved ON public.booking_changes IS 'History leaves for the archive and for nowhere else.';
