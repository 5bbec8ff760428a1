"""The formats, who sends each, and what each can say."""

import dataclasses

from told import cda, contribution, hl7, itk3, prsb, r4, stu3, tables


@dataclasses.dataclass(frozen=True)
class Format:
    name: str
    source: str
    feed: str  # empty: it is asked at the moment of a view
    says: dict


FORMATS = {
    "hl7": Format("HL7 v2", "ZT2", "moorland-pas", hl7.SAYS),
    "stu3": Format("GP Connect STU3, pushed", "Z99001", "bridge-gp", stu3.PUSHED),
    "live": Format("GP Connect STU3, live", "Z99002", "", stu3.LIVE),
    "r4_json": Format("UK Core R4 bundle, JSON", "ZC1", "district-nursing", r4.JSON),
    "r4_xml": Format("UK Core R4 bundle, XML", "ZC1", "district-nursing", r4.XML),
    "r4_message": Format("UK Core R4 message", "ZC1", "district-nursing", r4.MESSAGE),
    "r4_document": Format("UK Core R4 document", "ZC1", "district-nursing", r4.DOCUMENT),
    "itk3": Format("ITK3 message, STU3", "ZC1", "district-nursing", itk3.SAYS),
    "bars": Format("BaRS", "ZC1", "district-nursing", r4.BARS),
    "cda": Format("CDA", "ZC1", "district-nursing", cda.SAYS),
    "cld": Format("Client Level Data, CSV", "ZL1", "tyneside-council", tables.CLD),
    "local_authority": Format("PRSB local authority information, JSON", "ZL1", "tyneside-council", prsb.LOCAL_AUTHORITY),
    "sheet": Format("third sector, CSV", "LOCALHEARTH", "hearth-sheet", tables.SHEET),
    "social_prescribing": Format("PRSB social prescribing, JSON", "LOCALHEARTH", "hearth-sheet", prsb.SOCIAL_PRESCRIBING),
    "canonical": Format("canonical contribution", "LOCALFRIENDS", "dale-befriending", contribution.SAYS),
}
