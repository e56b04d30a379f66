package io.qscope.service;

import io.qscope.key.Key;
import io.qscope.key.KeyRing;
import io.qscope.key.Purpose;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * What stands for a person in the audit log, which cannot forget: {@code person:key:digest}, an HMAC of the user id by a key of
 * the ring. Whoever knows the user id and has the key finds the person's entries; the log alone names nobody. Once a person's
 * rows are erased, nothing in the database leads from an entry back to the person.
 */
final class PersonReferences {

    /** 128 bits: two people do not meet. */
    private static final int BYTES = 16;

    private final Supplier<KeyRing> keys;

    PersonReferences(Supplier<KeyRing> keys) {
        this.keys = keys;
    }

    /** What new entries call the person. */
    String of(String userId) {
        return of(keys.get().writing(), Objects.requireNonNull(userId, "userId"));
    }

    /** What entries may call the person: by each readable key. */
    List<String> all(String userId) {
        Objects.requireNonNull(userId, "userId");
        return keys.get().readable().stream().map(key -> of(key, userId)).toList();
    }

    private static String of(Key key, String userId) {
        byte[] mac = key.mac(Purpose.PEOPLE, userId.getBytes(StandardCharsets.UTF_8));
        String digest = Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(mac, BYTES));
        return "person:" + key.id() + ":" + digest;
    }
}
