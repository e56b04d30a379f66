package io.qscope.spring;

import io.qscope.model.Authorization;
import java.util.Map;

/**
 * What the root of an authorization of Spring's has for attributes, beside what has columns.
 *
 * @param grantType the grant that it began with
 * @param principalName whose it is: the user's name, or the client's as long as there is no user
 * @param attributes Spring's attributes, as {@link ValueCodec} wrote them; without {@code state}, which is a row
 */
record RootAttributes(String grantType, String principalName, String attributes) {

    private static final String GRANT_TYPE = "grant_type";
    private static final String PRINCIPAL_NAME = "principal_name";
    private static final String ATTRIBUTES = "attributes";

    /** @throws UnreadableValueException when the root was not written by this adapter, or is damaged */
    static RootAttributes of(Authorization root) {
        Map<String, Object> json = root.attributes();
        if (!(json.get(GRANT_TYPE) instanceof String grantType)
                || !(json.get(PRINCIPAL_NAME) instanceof String principalName)
                || !(json.get(ATTRIBUTES) instanceof String attributes)) {
            throw new UnreadableValueException("its attributes are damaged, or not written by this adapter");
        }
        return new RootAttributes(grantType, principalName, attributes);
    }

    Map<String, Object> json() {
        return Map.of(GRANT_TYPE, grantType, PRINCIPAL_NAME, principalName, ATTRIBUTES, attributes);
    }
}
