package io.qscope.audit;

import io.qscope.key.Key;
import io.qscope.key.KeyRing;
import io.qscope.key.Purpose;
import io.qscope.model.AuditLog;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What proves an entry: {@code v1:key id:hex}, an HMAC over its {@link AuditEncoding} by the key that it names. */
final class AuditSeal {

    private static final String VERSION = "v1:";
    private static final Pattern MAC = Pattern.compile("[0-9a-f]{64}");

    /** What an entry's hash says of it. */
    enum Verdict {
        /** It is what was sealed as such. */
        ENTRY,
        /** It is what was sealed as the first of its chain. */
        OPENING,
        /** It is what was sealed as the last of its chain. */
        CLOSING,
        /** It is not what was sealed. */
        CHANGED,
        /** Its key is not at hand. */
        UNKNOWN_KEY;

        /** Whether the entry is what was sealed. */
        boolean isSealed() {
            return this != CHANGED && this != UNKNOWN_KEY;
        }
    }

    private AuditSeal() {}

    /** The entry in its place, hashed; what it had there before is ignored. */
    static AuditLog sealed(AuditRole role, AuditLog entry, String chain, long sequence, String previousHash, Key key) {
        byte[] mac = key.mac(Purpose.AUDIT, AuditEncoding.of(role, entry, chain, sequence, previousHash));
        return entry.toBuilder()
                .chain(chain)
                .sequence(sequence)
                .previousHash(previousHash)
                .hash(VERSION + key.id() + ":" + HexFormat.of().formatHex(mac))
                .build();
    }

    /** Judges an entry by its own hash. */
    static Verdict verdict(AuditLog entry, KeyRing keys) {
        String hash = entry.hash();
        String keyId = keyId(hash);
        if (hash == null || keyId == null) {
            return Verdict.CHANGED;
        }
        Optional<Key> key = keys.key(keyId);
        if (key.isEmpty()) {
            return Verdict.UNKNOWN_KEY;
        }
        byte[] mac = HexFormat.of().parseHex(hash.substring(hash.lastIndexOf(':') + 1));
        if (Long.valueOf(AuditLane.FIRST).equals(entry.sequence())
                && matches(AuditRole.OPENING, entry, key.get(), mac)) {
            return Verdict.OPENING;
        }
        if (entry.eventType().equals(AuditEvent.CHAIN_CLOSED.type())
                && matches(AuditRole.CLOSING, entry, key.get(), mac)) {
            return Verdict.CLOSING;
        }
        return matches(AuditRole.ENTRY, entry, key.get(), mac) ? Verdict.ENTRY : Verdict.CHANGED;
    }

    /** SHA-256, in hex, of the entry as it stands, its own hash included. */
    static String digest(AuditLog entry) {
        MessageDigest digest = AuditHead.digest();
        digest.update(AuditEncoding.of(AuditRole.ENTRY, entry, entry.chain(), entry.sequence(), entry.previousHash()));
        AuditHead.add(digest, String.valueOf(entry.hash()));
        return AuditHead.hex(digest);
    }

    /** The id of the key that a hash was made by, which may hold colons itself; none when it is no such hash. */
    static @Nullable String keyId(@Nullable String hash) {
        if (hash == null || !hash.startsWith(VERSION)) {
            return null;
        }
        int last = hash.lastIndexOf(':');
        boolean formed =
                last > VERSION.length() && MAC.matcher(hash.substring(last + 1)).matches();
        return formed ? hash.substring(VERSION.length(), last) : null;
    }

    private static boolean matches(AuditRole role, AuditLog entry, Key key, byte[] mac) {
        byte[] bytes = AuditEncoding.of(role, entry, entry.chain(), entry.sequence(), entry.previousHash());
        return MessageDigest.isEqual(mac, key.mac(Purpose.AUDIT, bytes));
    }
}
