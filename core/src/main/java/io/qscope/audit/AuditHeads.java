package io.qscope.audit;

import io.qscope.model.AuditLog;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The heads of other chains in the metadata of an opening, both ways. */
final class AuditHeads {

    private static final String HEADS = "heads";
    private static final String CHAIN = "chain";
    private static final String SEQUENCE = "sequence";
    private static final String LINK = "link";

    private AuditHeads() {}

    static Map<String, Object> metadata(List<AuditHead> heads) {
        List<Map<String, Object>> list = new ArrayList<>();
        for (AuditHead head : heads) {
            Map<String, Object> each = new LinkedHashMap<>();
            each.put(CHAIN, head.chain());
            each.put(SEQUENCE, head.sequence());
            each.put(LINK, head.link());
            list.add(each);
        }
        return Map.of(HEADS, list);
    }

    /** The heads that an opening's metadata names. */
    static List<AuditHead> in(AuditLog opening) {
        List<AuditHead> heads = new ArrayList<>();
        if (opening.metadata().get(HEADS) instanceof List<?> list) {
            for (Object each : list) {
                if (each instanceof Map<?, ?> head
                        && head.get(CHAIN) instanceof String chain
                        && head.get(SEQUENCE) instanceof Long sequence
                        && head.get(LINK) instanceof String link) {
                    heads.add(new AuditHead(chain, sequence, link));
                }
            }
        }
        return heads;
    }
}
