package io.qscope.tck;

import io.qscope.model.ClientConfig;
import io.qscope.model.DeviceCodeState;
import io.qscope.model.EncodedSecret;
import io.qscope.model.Limits;
import io.qscope.model.RayId;
import io.qscope.model.TokenDigest;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Telling values for any field of any row, by the field's type and name. Strings are fresh, so that they may be keys. */
final class FieldValues {

    /** Astral, right-to-left, combining, zero-width, and what a quoting mistake would trip over. */
    static final String UNICODE = "Zo\u00eb \u05e9\u05dc\u05d5\u05dd \u4f60\u597d e\u0301 \ud83d\ude00\ud835\udd18 "
            + "\u200d\ufeff\u2028 '\"\\%_;--$1?{}[]\u00a0\uffee";

    private static final String ASTRAL = "\ud83d\ude00";

    private final Random random;

    FieldValues(Random random) {
        this.random = random;
    }

    /** Values that together cover the field: null where it may be, smallest, largest, and odd ones. */
    List<@Nullable Object> samples(RecordComponent field) {
        List<@Nullable Object> samples = new ArrayList<>();
        if (RecordFields.isNullable(field)) {
            samples.add(null);
        }
        samples.addAll(of(field));
        return samples;
    }

    /** A value that differs from the one given. */
    Object otherThan(@Nullable Object current, RecordComponent field) {
        for (Object value : of(field)) {
            if (!value.equals(current)) {
                return value;
            }
        }
        throw new AssertionError("no other value for " + field);
    }

    /** The largest value of the field. */
    Object largest(RecordComponent field) {
        List<?> values = of(field);
        return values.get(values.size() - 1);
    }

    private List<?> of(RecordComponent field) {
        Class<?> type = field.getType();
        if (type == String.class) {
            return strings(maxLength(field));
        }
        if (type == Instant.class) {
            return List.of(
                    Instant.EPOCH,
                    Instant.EPOCH.plusMillis(1),
                    Instant.parse("2038-01-19T03:14:08.007Z"),
                    Instant.parse("2500-12-31T23:59:59.999Z"),
                    Limits.LATEST);
        }
        if (type == TokenDigest.class) {
            return List.of(digest(null), digest("key-1"), digest("k".repeat(64)));
        }
        if (type == Set.class) {
            return stringCollections(field).stream()
                    .map(values -> Collections.unmodifiableSet(new LinkedHashSet<>(values)))
                    .toList();
        }
        if (type == List.class) {
            return stringCollections(field);
        }
        if (type == Map.class) {
            return List.of(Map.of(), nestedJson(), deepestJson(), largestJson());
        }
        if (type == ClientConfig.class) {
            return configs();
        }
        return scalars(field);
    }

    private List<?> scalars(RecordComponent field) {
        Class<?> type = field.getType();
        if (type == boolean.class) {
            return List.of(true, false);
        }
        if (type == long.class || type == Long.class) {
            return List.of(1L, 0L, 1L << 40, Long.MAX_VALUE);
        }
        if (type == int.class || type == Integer.class) {
            return List.of(1, 2, Integer.MAX_VALUE);
        }
        if (type == Duration.class) {
            return List.of(Duration.ofSeconds(1), Duration.ofDays(400), Duration.ofSeconds(Integer.MAX_VALUE));
        }
        if (type == EncodedSecret.class) {
            String longest = "{bcrypt}";
            return List.of(
                    new EncodedSecret("{noop}" + UNICODE.replace("\u2028", "")),
                    new EncodedSecret(longest + "x".repeat(Limits.ENCODED_SECRET - longest.length())));
        }
        if (type == DeviceCodeState.class) {
            return Arrays.asList(DeviceCodeState.values());
        }
        if (type == RayId.class) {
            return List.of(new RayId("r"), RayId.random(), new RayId("A_.:-9".repeat(10) + "zzzz"));
        }
        throw new AssertionError("the kit knows no values for " + field + "; teach " + FieldValues.class.getName()
                + " to make some, so that the new field is tested");
    }

    private static int maxLength(RecordComponent field) {
        return switch (field.getName()) {
            case "id", "clientId", "authorizationId", "predecessorId", "refreshTokenId" -> Limits.ID;
            case "userId", "username", "subject", "createdBy", "updatedBy" -> Limits.NAME;
            case "publicKey", "sealedKey" -> Limits.KEY;
            case "clientIdentifier" -> Limits.CLIENT_IDENTIFIER;
            case "redirectUri", "redirectUris" -> Limits.URI;
            case "codeChallenge" -> Limits.CODE_CHALLENGE;
            case "algorithm",
                    "codeChallengeMethod",
                    "eventType",
                    "grantTypes",
                    "responseTypes",
                    "pkceMethods",
                    "scopes" -> Limits.TOKEN;
            default ->
                throw new AssertionError("the kit knows no bound for the strings of " + field + "; add it to "
                        + FieldValues.class.getName() + ", so that the new field is tested");
        };
    }

    /** Fresh strings of at most that length, the last one of exactly that length. */
    List<String> strings(int max) {
        String shortest =
                Character.toString('A' + random.nextInt(26)) + Character.toString(0x4e00 + random.nextInt(20_000));
        String odd = hex() + UNICODE;
        return List.of(odd, shortest, longest(ASTRAL, max), longest("x", max));
    }

    private String longest(String filling, int max) {
        String start = hex();
        String filled = start + filling.repeat((max - start.length()) / filling.length());
        return filled + "x".repeat(max - filled.length());
    }

    private String hex() {
        return "%016x".formatted(random.nextLong());
    }

    private List<List<String>> stringCollections(RecordComponent field) {
        boolean scopes = field.getName().equals("scopes");
        int max = maxLength(field);
        List<String> odd =
                scopes ? List.of("z", "https://api.example/a?b=c#d", "a", "!#[]~'%,{}") : List.of("z", UNICODE, "a");
        List<String> most = new ArrayList<>();
        for (int i = 0; i < Limits.ELEMENTS; i++) {
            most.add(longest("x", max));
        }
        return List.of(odd, List.of(), most);
    }

    private TokenDigest digest(@Nullable String keyId) {
        byte[] bytes = new byte[TokenDigest.LENGTH];
        random.nextBytes(bytes);
        return TokenDigest.of(bytes, keyId);
    }

    private List<ClientConfig> configs() {
        List<ClientConfig> configs = new ArrayList<>(List.of(ClientConfig.defaults()));
        for (RecordComponent field : RecordFields.of(ClientConfig.class)) {
            for (Object value : samples(field)) {
                configs.add(RecordFields.with(ClientConfig.defaults(), field.getName(), value));
            }
        }
        ClientConfig largest = ClientConfig.defaults();
        for (RecordComponent field : RecordFields.of(ClientConfig.class)) {
            largest = RecordFields.with(largest, field.getName(), largest(field));
        }
        configs.add(largest);
        return configs;
    }

    private static Map<String, Object> nestedJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("", "");
        json.put(UNICODE, "tab\tnewline\nreturn\rescape\u001bdelete\u007f" + UNICODE);
        json.put("longs", List.of(0L, -1L, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 53, (1L << 53) + 1));
        json.put("doubles", List.of(1.0, -0.5, 0.1, 1e100, Double.MAX_VALUE, Double.MIN_VALUE, 1e18));
        json.put("booleans", List.of(true, false));
        json.put("mixed", List.of("1", 1L, 1.0, true, Map.of(), List.of(), Map.of("a", List.of(Map.of("b", 2L)))));
        return json;
    }

    private static Map<String, Object> deepestJson() {
        Map<String, Object> deep = Map.of("leaf", 1L);
        for (int depth = 2; depth <= Limits.METADATA_DEPTH; depth++) {
            deep = Map.of("deeper", deep);
        }
        return deep;
    }

    private static Map<String, Object> largestJson() {
        // The map itself costs one character, and so does its key.
        return Map.of("k", "\u4e00".repeat(Limits.METADATA - 2));
    }
}
