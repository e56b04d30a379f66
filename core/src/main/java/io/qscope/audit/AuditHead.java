package io.qscope.audit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a chain stood after a group of entries was committed.
 *
 * @param chain the chain
 * @param sequence the number of the group's last entry
 * @param link the group's digest, {@link #linkOf}: what every entry of the next group has as its {@code previousHash}
 */
public record AuditHead(String chain, long sequence, String link) {

    /** What the entries of a chain's first group have as their {@code previousHash}: 64 zeros. */
    public static final String NO_LINK = "0".repeat(64);

    private static final Pattern CHAIN = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Pattern LINK = Pattern.compile("[0-9a-f]{64}");

    /** Checks that nothing is missing. */
    public AuditHead {
        Objects.requireNonNull(chain, "chain");
        Objects.requireNonNull(link, "link");
    }

    /**
     * A head that an engine keeps outside the log, where nothing proves it; for engines.
     *
     * @return none when no {@link AuditLane} made it: an opening could not hold whatever stands there
     */
    public static Optional<AuditHead> ofLane(@Nullable String chain, @Nullable Long sequence, @Nullable String link) {
        if (chain == null || sequence == null || link == null) {
            return Optional.empty();
        }
        boolean formed = CHAIN.matcher(chain).matches()
                && sequence >= AuditLane.FIRST
                && LINK.matcher(link).matches();
        return formed ? Optional.of(new AuditHead(chain, sequence, link)) : Optional.empty();
    }

    /**
     * The digest of a group: SHA-256, in hex, over the hashes of its entries in the order of their sequence, a line feed after
     * each.
     */
    public static String linkOf(List<String> hashes) {
        MessageDigest digest = digest();
        hashes.forEach(hash -> add(digest, hash));
        return hex(digest);
    }

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime lacks SHA-256, which the platform requires", e);
        }
    }

    static void add(MessageDigest digest, String hash) {
        digest.update((hash + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** The link, after which the digest starts anew. */
    static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }
}
