#!/usr/bin/env python3
"""Score an interest-tailoring engine on tailoring.*.jsonl. Standard library only.

usage: score_tailoring.py CASES.jsonl OUTPUT.jsonl [CATALOGUE.json] [--k 5] [--show]

OUTPUT.jsonl, one line a case:
  {"id": "t001",
   "interests": ["gardening", "bollywood"],          # what the engine would show as understood, best first
   "constraints": {"max_mobility": 1, "avoid": []},   # optional, same keys as the cases
   "ideas": ["i004", "i002", ...]}                   # optional, ranked ids from the catalogue
CATALOGUE.json: a list of ideas with id, tags, settings, cost, minutes, mobility, flags (see taxonomy.json).
--show prints case ids (never texts) with problems. Run every case: a case without an output line counts as empty.
"""
import json
import sys
from collections import defaultdict


def load(p): return [json.loads(l) for l in open(p, encoding="utf8") if l.strip()]

def violates(d, c):
    if "max_mobility" in c and d["mobility"] > c["max_mobility"]: return "mobility"
    if "max_cost" in c and d["cost"] > c["max_cost"]: return "cost"
    if "max_minutes" in c and d["minutes"] > c["max_minutes"]: return "minutes"
    if c.get("need") and not set(d["settings"]) & set(c["need"]): return "setting"
    hit = set(d.get("flags", ())) & set(c.get("avoid", ()))
    return "flag:" + ",".join(sorted(hit)) if hit else None

def facts(c):
    """constraints as a set of comparable facts"""
    out = {(k, c[k]) for k in ("max_mobility", "max_cost", "max_minutes") if k in c}
    if c.get("need"): out.add(("need", tuple(sorted(c["need"]))))
    if c.get("mostly_remote"): out.add(("mostly_remote", 1))
    return out | {("avoid", f) for f in c.get("avoid", ())}

def mean(x): return round(sum(x) / len(x), 3) if x else None

def main(a):
    k = int(a[a.index("--k") + 1]) if "--k" in a else 5
    show = "--show" in a
    pos = [x for i, x in enumerate(a) if not x.startswith("--") and (i == 0 or a[i - 1] != "--k")]
    cases, outs = load(pos[0]), {o["id"]: o for o in load(pos[1])}
    cat = {d["id"]: d for d in json.load(open(pos[2], encoding="utf8"))} if len(pos) > 2 else None
    groups = defaultdict(list)
    for c in cases:
        groups["all"].append(c)
        groups["real" if c.get("source", "author") != "author" else "author"].append(c)
        for f in ("negation", "neg_positive", "culture", "nonenglish", "misspelling", "dad", "vague"):
            if f in c["features"]: groups["f:" + f].append(c)
    rep = {}
    for g, cs in groups.items():
        R, P, F, fn, pk, lk, cov, viol, vc, ncon = [], [], 0, 0, [], [], [], 0, 0, 0
        tm = tp = th = 0
        for c in cs:
            o = outs.get(c["id"], {}); got = o.get("interests", []); ex, ac, fo = set(c["expect"]), set(c["accept"]), set(c["forbid"])
            if ex:
                R.append(len(ex & set(got)) / len(ex)); P.append(len(set(got) & (ex | ac)) / len(got) if got else 0)
            if fo: fn += 1; F += bool(fo & set(got))
            if "constraints" in o:
                T, H = facts(c["constraints"]), facts(o["constraints"])
                # stricter than asked is not a miss
                if ("mostly_remote", 1) in T and ("need", ("remote",)) in H: H = (H - {("need", ("remote",))}) | {("mostly_remote", 1)}
                if ("max_mobility", 1) in T and ("max_mobility", 0) in H: H = (H - {("max_mobility", 0)}) | {("max_mobility", 1)}
                tm += len(T & H); tp += len(T); th += len(H)
            if cat is not None:
                ids = o.get("ideas", [])[:k]; con = c["constraints"]; n = 0; rel = len_ = 0; seen = set()
                for i in ids:
                    d = cat[i]; t = set(d["tags"]); v = violates(d, con) or ("forbidden" if t & fo else None)
                    if v:
                        n += 1
                        if show and g == "all": print("violation", c["id"], i, v)
                        continue
                    rel += bool(t & ex); len_ += bool(t & (ex | ac)); seen |= t & ex
                if con.get("mostly_remote"): n += max(0, min(3, k) - sum("remote" in cat[i]["settings"] for i in ids))
                ok = [d for d in cat.values() if set(d["tags"]) & ex and not set(d["tags"]) & fo and not violates(d, con)]
                if ex and ok:
                    pk.append(rel / min(k, len(ok))); lk.append(len_ / k)
                    can = {t for d in ok for t in d["tags"]} & ex; cov.append(len(seen & can) / min(len(can), k))
                viol += n; vc += n > 0; ncon += bool(con or fo)
        rep[g] = dict(cases=len(cs), interest_recall=mean(R), interest_precision=mean(P), forbidden_hits=f"{F}/{fn}")
        if tp: rep[g].update(limit_recall=round(tm / tp, 3), limit_precision=round(tm / th, 3) if th else None)
        if cat is not None: rep[g].update({f"nP@{k}": mean(pk), f"lenient_P@{k}": mean(lk), f"coverage@{k}": mean(cov), "violating_ideas": viol, "cases_with_violation": f"{vc}/{ncon}"})
    for g, r in rep.items(): print(f"{g:16s}", json.dumps(r))

if __name__ == "__main__": main(sys.argv[1:])
