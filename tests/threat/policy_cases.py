"""Cases for the policy: who asks, for what, of whom, and what is known and held. Drawn at random from a seed, weighted so
that most requests get far enough for the later rules to decide, and so that rules meet each other."""

import random

HOUR, DAY = 3600, 86400
NOW = 1795348800  # 2026-11-22T12:00:00Z
SECTIONS = """demographics gp_practice about_me individual_requirements alerts legal_information safeguarding
    professional_contacts personal_contacts research referral_details contacts_with_professionals admission_details
    discharge_details future_appointments vaccinations problems procedures social_context services_and_care
    primary_support_reason family_history investigation_results investigations_requested examination_findings
    pregnancy_status assessments formulation risks allergies medications equipment plan_and_actions
    care_and_support_plan contingency_plans additional_support_plans end_of_life_care documents""".split()
KINDS = ["allergy", "problem", "document", "alert", "statement", "observation"]
ORGANISATIONS = """ZT1 ZT2 Z99001 Z99002 Z99004 ZF1 ZO1 ZC1 ZS1 ZL1 ZL2 ZA1 ZH1 LOCALCARERS LOCALFRIENDS ZI1""".split()
CARING = ["ZT1", "ZT2", "Z99001", "Z99002", "Z99004", "ZC1", "ZA1", "ZH1"]
PURPOSES = """direct-care emergency referral meeting safeguarding patient-access audit planning research
    medical-examiner court-order police advocate safety-investigation""".split()
ROLES = """R8000 R8003 R8016 R1290 R8004 R8014 R8006 R8010 LSAFEGUARD LCARERS LCITIZEN LEXAMINER LLEGAL LADVOCATE LSAFETY
    R0001 R5105 LIDENTITY R8013 R8015 B0083 R9999""".split()
# Who would use a purpose; the rest of the draws are of anybody.
LIKELY = {"direct-care": ("R8000", "R8014", "R1290", "R8004", "R8006", "LCARERS"), "emergency": ("R8000", "R1290", "R8014"),
          "referral": ("R8000", "R8014"), "meeting": ("R8000", "R8014"), "safeguarding": ("LSAFEGUARD", "R8014"),
          "patient-access": ("LCITIZEN",), "medical-examiner": ("LEXAMINER",), "court-order": ("LLEGAL",),
          "police": ("LLEGAL",), "advocate": ("LADVOCATE",), "safety-investigation": ("LSAFETY",)}
EVIDENCE = """registered_practice open_encounter planned_encounter ended_encounter awaited_result self_declared
    attested_launch referral meeting caseload urgent_contact""".split()
LABELS = """sexual_health hiv termination assisted_fertilisation gender mental_health substance_misuse domestic_abuse
    safeguarding convictions third_party serious_harm no_patient_access source:confidential source:vip hfea gra
    never_configured identity:untraced""".split()
REASONS = ["LIFE", "UNCONSCIOUS", "URGENT", "EXPRESS-CONSENT", "LEGAL-REQUIREMENT", "NEW-PATIENT", "ADVICE", "NO-SUCH"]
CONSENTS = ["objection", "restriction", "explicit_consent", "emergency_refusal", "seal", "seal_and_lock", "hide"]
BY = ["person", "proxy", "professional", "someone_else", "feed"]
ACTIONS = """explain audit.search audit.show audit.proof consent.record consent.withdraw consent.list identity.queue
    identity.show identity.link identity.unlink identity.sever identity.confirm review.close operations
    quarantine.work quarantine.show quarantine.correct directory.read directory.import""".split()
NUMBER, OTHER_NUMBER = "9990000018", "9990000026"


class Draw:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def sometimes(self, chance):
        return self.random.random() < chance

    def one(self, items):
        return self.random.choice(items)

    def some(self, items, most=2):
        return sorted(self.random.sample(items, self.random.randint(1, most)))

    def organisation(self):
        return "ZZZ" if self.sometimes(0.01) else self.one(ORGANISATIONS)

    def time(self):
        """Near an edge that some rule sets, or anywhere in the last two years."""
        edges = (15 * 60, HOUR, 24 * HOUR, 72 * HOUR, 7 * DAY, 14 * DAY, 28 * DAY, 42 * DAY, 90 * DAY, 540 * DAY, 730 * DAY)
        if self.sometimes(0.3):
            return NOW - self.one(edges) + self.one([-1, 0, 1])
        if self.sometimes(0.2):
            return NOW + self.random.randint(1, 100 * DAY)
        return NOW - self.random.randint(0, self.one([HOUR, DAY, 30 * DAY, 800 * DAY]))

    def period(self):
        start = self.time()
        later = self.one([None, None, start + self.random.randint(1, 60 * DAY), self.time()])
        return {"from": start, "until": later if later is None or later > start else start + 60}

    def requester(self, purpose):
        roles = [] if self.sometimes(0.03) else [self.one(ROLES)]
        if purpose in LIKELY and self.sometimes(0.93):
            roles = [self.one(LIKELY[purpose])]
        if self.sometimes(0.25):
            roles.append(self.one(ROLES + ["B0083"] * 10))
        organisation = self.one(CARING) if self.sometimes(0.6) else self.organisation()
        if "R8014" in roles and self.sometimes(0.5):
            organisation = self.one(["ZL1", "ZL2"])
        organisation = "ZI1" if "LCITIZEN" in roles and self.sometimes(0.9) else organisation
        if "LCARERS" in roles and self.sometimes(0.7):
            organisation = "LOCALCARERS"
        systems = ["quayside-epr", "bridge-gp", "northmarch-app", "other"]
        launch = None
        if self.sometimes(0.8 if purpose == "patient-access" else 0.15):
            at = NOW - self.one([0, 60, 899, 900, 901, -59, -60, -61, 7200])
            launch = {"nhs_number": OTHER_NUMBER if self.sometimes(0.1) else NUMBER, "at": at}
        own = {"ZT1": "quayside-epr", "Z99001": "bridge-gp", "ZI1": "northmarch-app"}.get(organisation)
        return {"organisation": organisation, "system": own if own and self.sometimes(0.8) else self.one(systems),
                "user": self.one(["dr", "dr", "dr", "another"]), "roles": sorted(set(roles)),
                "team": self.one(["", "", "refuge", "ward"]), "assurance": 3 if self.sometimes(0.8) else self.one([0, 1, 2]), "launch": launch}

    def evidence(self, requester):
        mine = self.sometimes(0.75)
        organisation = requester["organisation"] if mine else self.organisation()
        return {"kind": self.one(EVIDENCE), "organisation": organisation,
                "reference": organisation if self.sometimes(0.3) else self.one([*ORGANISATIONS, "ZZZ", ""]),
                "user": self.one(["", "dr", "dr", "another"]), **self.period()}

    def consent(self, requester):
        kind = self.one(CONSENTS)
        scope = {"sections": [], "sources": [], "consumers": [], "purposes": [], "labels": []}
        for name, items in (("sections", SECTIONS[:20] + ["problems", "allergies", "medications"] * 6), ("sources", ORGANISATIONS),
                            ("consumers", ORGANISATIONS + [requester["organisation"]] * 10),
                            ("purposes", PURPOSES + ["direct-care", "emergency"] * 5), ("labels", LABELS)):
            if self.sometimes(0.25):
                scope[name] = sorted(set(self.some(items, 3)))
        if kind in ("restriction", "explicit_consent", "hide", "seal_and_lock"):  # must name what they are about
            if not any(scope[name] for name in ("sections", "sources", "labels")):
                scope["sources"] = self.some(ORGANISATIONS, 6)
        if kind == "emergency_refusal" and self.sometimes(0.7):
            scope = dict.fromkeys(scope, [])
        team = ""
        if kind in ("seal", "seal_and_lock"):
            team = self.one(ORGANISATIONS + [requester["organisation"]] * 5) + self.one(["", "", "/ward", "/refuge"])
        period = {"from": NOW - 30 * DAY, "until": None} if self.sometimes(0.8) else self.period()
        withdrawn = self.time() if self.sometimes(0.1) else None
        return {"kind": kind, "by": "person" if self.sometimes(0.6) else self.one(BY), **scope, "team": team, **period,
                "withdrawn": withdrawn, "informed": self.sometimes(0.6)}

    def flags(self):
        levels = ["none", "none", "none", "local", "national"]
        return [{"level": self.one(levels), "by": self.one(["ZT1", "Z99001"]), "as_of": NOW - n * DAY + self.one([-1, 0, 1])}
                for n in self.random.sample([0, 1, 29, 30, 31, 400], self.one([0, 1, 1, 1, 1, 2, 3]))]

    def facts(self, requester):
        return {"evidence": [self.evidence(requester) for _ in range(self.one([0, 1, 1, 2, 3, 5]))],
                "consents": [self.consent(requester) for _ in range(self.one([0, 0, 0, 1, 1, 2, 3]))],
                "flags": self.flags(), "active": not self.sometimes(0.03), "merge_review": self.sometimes(0.08),
                "untraced_sources": self.some([requester["organisation"], *ORGANISATIONS], 3) if self.sometimes(0.05) else []}

    def held(self, requester):
        section = self.one(SECTIONS) if self.sometimes(0.5) else self.one(["problems", "allergies", "medications", "alerts"])
        kind = {"allergies": "allergy", "alerts": "alert", "documents": "document", "problems": "problem"}.get(section, "statement")
        return {"source": requester["organisation"] if self.sometimes(0.2) else self.one(ORGANISATIONS), "section": section,
                "kind": self.one(KINDS) if self.sometimes(0.15) else kind,
                "standing": self.one(["current"] * 9 + ["superseded", "withdrawn", "no_longer_sent"]),
                "verification": self.one(["unstated", "confirmed", "suspected"] * 4 + ["refuted", "entered_in_error"]),
                "labels": sorted(set(self.some(LABELS))) if self.sometimes(0.4) else [],
                "effective": self.one([None, NOW - 30 * DAY, NOW - 3000 * DAY])}

    def match(self):
        return "matched" if self.sometimes(0.93) else self.one(["no_such_person", "details_mismatch", "matched_name_differs"])

    def view(self, purpose=None):
        purpose = purpose or self.one(PURPOSES + ["direct-care"] * 14 + ["emergency"] * 5)
        requester = self.requester(purpose)
        reason = self.one(REASONS) if self.sometimes(0.12) else ""
        if purpose == "emergency" and self.sometimes(0.9):
            reason = self.one(REASONS[:3])
        match = self.match()
        facts = self.facts(requester)
        if match in ("no_such_person", "details_mismatch"):
            facts = {"evidence": [], "consents": [], "flags": [], "active": True, "untraced_sources": [], "merge_review": False}
        held = [self.held(requester) for _ in range(0 if match == "no_such_person" else 6)]
        for item in held:  # the store labels what it took under a number that nobody traced
            if item["source"] in facts["untraced_sources"]:
                item["labels"] = sorted({*item["labels"], "identity:untraced"})
        return {"now": NOW, "requester": requester, "purpose": purpose, "reason_code": reason,
                "case_reference": self.one(["", "CASE-1", "CASE-1"]), "declared": self.one([None] * 12 + REASONS[5:7] * 2 + ["NO-SUCH"]),
                "sections": sorted(set(self.some(SECTIONS, 12))) if self.sometimes(0.1) else [], "match": match,
                "nhs_number": NUMBER, "birth_date": self.one(["1962-07-13", "2020-01-01"]), "facts": facts, "classes": held,
                "sources": sorted({h["source"] for h in held[:2]}), "with_lines": self.sometimes(0.05)}

    def action(self, action=None):
        requester = self.requester(self.one(PURPOSES))
        if self.sometimes(0.8):
            requester["roles"] = [self.one(["R0001", "R5105", "LIDENTITY", "R8013", "R8015", "R8000", "R8014", "R8006"])]
            requester["organisation"] = self.one(["ZI1", "ZI1", requester["organisation"]])
        case = {"now": NOW, "action": action or self.one(ACTIONS), "requester": requester, "facts": self.facts(requester),
                "case_reference": self.one(["", "CASE-1"]), "nhs_number": NUMBER,
                "done_by": self.one(["another", "another", "requester", "unknown"])}
        # The first of the choices is the one to be withdrawn.
        chosen = case["action"] in ("consent.record", "consent.withdraw") and case["facts"]["consents"]
        return {**case, "consent": True} if chosen else case
