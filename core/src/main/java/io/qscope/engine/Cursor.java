package io.qscope.engine;

import io.qscope.model.Limits;
import io.qscope.model.RayId;
import io.qscope.store.InvalidRowException;
import io.qscope.store.Page;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a page of a listing ended, as {@link Page#after()} carries it: {@code i:id} in a listing by id, {@code t:millis:id} in
 * one by time, {@code c:sequence:length of the id:id and chain} in one by chain.
 *
 * @param at the moment of the last row; the epoch in a listing by id
 * @param id the id of the last row; empty, which comes before every other, where the listing starts
 */
public record Cursor(Instant at, String id) {

    private static final Pattern MILLIS = Pattern.compile("[0-9]{1,15}");
    private static final Pattern IN_CHAIN = Pattern.compile("c:(-?[0-9]{1,19}):([0-9]{1,9}):(.*)", Pattern.DOTALL);
    private static final String BY_ID = "i:";
    private static final String BY_TIME = "t:";

    /**
     * Where a page of a listing by chain ended. Whatever stands in a database has a place of its own, also what no engine
     * writes: two entries with one sequence, which only a forger makes, are told apart by their ids.
     *
     * @param chain the chain of the last row; empty where the listing starts
     * @param sequence the sequence of the last row
     * @param id the id of the last row; empty, which comes before every other, where the listing starts
     */
    public record InChain(String chain, long sequence, String id) {}

    /** What to write into a page of a listing by id. */
    public static String ofId(String lastId) {
        return BY_ID + lastId;
    }

    /** What to write into a page of a listing by time. */
    public static String ofTime(Instant lastAt, String lastId) {
        return BY_TIME + lastAt.toEpochMilli() + ":" + lastId;
    }

    /**
     * Where a page of a listing by id starts.
     *
     * @throws InvalidRowException when its {@code after} is not of such a listing
     */
    public static Cursor byId(Page page, RayId rayId) {
        String after = page.after();
        if (after == null) {
            return new Cursor(Instant.EPOCH, "");
        }
        return new Cursor(Instant.EPOCH, id(after.startsWith(BY_ID) ? after.substring(BY_ID.length()) : null, rayId));
    }

    /**
     * Where a page of a listing by time starts.
     *
     * @param first the listing's first moment
     * @throws InvalidRowException when its {@code after} is not of such a listing
     */
    public static Cursor byTime(Page page, Instant first, RayId rayId) {
        String after = page.after();
        if (after == null) {
            return new Cursor(first, "");
        }
        String[] parts = after.split(":", 3);
        boolean formed = parts.length == 3
                && after.startsWith(BY_TIME)
                && MILLIS.matcher(parts[1]).matches();
        String id = id(formed ? parts[2] : null, rayId);
        Instant at = Instant.ofEpochMilli(Long.parseLong(parts[1]));
        return at.isBefore(first) ? new Cursor(first, "") : new Cursor(at, id);
    }

    /** What to write into a page of a listing by chain. */
    public static String ofChain(InChain last) {
        return "c:" + last.sequence() + ":" + last.id().length() + ":" + last.id() + last.chain();
    }

    /**
     * Where a page of a listing by chain starts.
     *
     * @throws InvalidRowException when its {@code after} is not of such a listing
     */
    public static InChain byChain(Page page, RayId rayId) {
        String after = page.after();
        if (after == null) {
            return new InChain("", Long.MIN_VALUE, "");
        }
        Matcher formed = IN_CHAIN.matcher(after);
        try {
            if (formed.matches()) {
                String idAndChain = formed.group(3);
                int length = Integer.parseInt(formed.group(2));
                if (length <= idAndChain.length()) {
                    return new InChain(
                            idAndChain.substring(length),
                            Long.parseLong(formed.group(1)),
                            idAndChain.substring(0, length));
                }
            }
        } catch (NumberFormatException tooLarge) {
            throw notOfThisListing(rayId);
        }
        throw notOfThisListing(rayId);
    }

    private static String id(@Nullable String id, RayId rayId) {
        if (id == null || id.isEmpty() || id.length() > Limits.ID) {
            throw notOfThisListing(rayId);
        }
        return id;
    }

    private static InvalidRowException notOfThisListing(RayId rayId) {
        return new InvalidRowException("the page's \"after\" is not where a page of this listing ended", rayId);
    }
}
