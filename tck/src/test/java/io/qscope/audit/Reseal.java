package io.qscope.audit;

import io.qscope.key.Key;
import io.qscope.key.KeyRing;
import io.qscope.model.AuditLog;
import java.util.Objects;

/** Hashes entries anew after they were changed, as only a storage with the keys can: for engines that chain wrongly. */
public final class Reseal {

    private Reseal() {}

    /** The changed entry, with a hash that is right for it, in the role that the original has. */
    public static AuditLog changed(AuditLog original, AuditLog changed, KeyRing keys) {
        AuditRole role = switch (AuditSeal.verdict(original, keys)) {
            case OPENING -> AuditRole.OPENING;
            case CLOSING -> AuditRole.CLOSING;
            default -> AuditRole.ENTRY;
        };
        Key key = keys.key(Objects.requireNonNull(AuditSeal.keyId(original.hash())))
                .orElseThrow();
        return AuditSeal.sealed(
                role,
                changed,
                Objects.requireNonNull(changed.chain()),
                Objects.requireNonNull(changed.sequence()),
                Objects.requireNonNull(changed.previousHash()),
                key);
    }
}
