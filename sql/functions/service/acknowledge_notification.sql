CREATE OR REPLACE FUNCTION public.acknowledge_notification(p_id bigint, p_claim uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
BEGIN
    UPDATE public.outbox
    SET state = 'sent', finished_at = public.clock(), claim = NULL, last_error = NULL
    WHERE id = p_id AND claim = p_claim;
    RETURN FOUND;
END
$$;

COMMENT ON FUNCTION public.acknowledge_notification IS
    'Records a claimed message as sent; false if the claim was not the latest any more.';
