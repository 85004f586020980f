"""Who appears in the demonstration. Every name, address and telephone is invented."""

from dataclasses import dataclass
from typing import Final

from members.models import Level
from red_genero.demo import DOMAIN


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody of the Instituto, or a coordinator, with her role."""

    mailbox: str
    given_names: str
    first_surname: str
    second_surname: str
    role: str
    may: str
    enters_admin: bool = True

    @property
    def email(self) -> str:
        """Her address in a domain that exists nowhere."""
        return f"{self.mailbox}@{DOMAIN}"


@dataclass(frozen=True, slots=True)
class Applicant:
    """A servidora pública and where she works."""

    mailbox: str
    given_names: str
    first_surname: str
    second_surname: str
    treatment: str
    department: str
    area: str
    position: str
    level: Level
    work: str
    phone: str = ""
    extension: str = ""
    in_directory: bool = True

    @property
    def email(self) -> str:
        """Her address in a domain that exists nowhere."""
        return f"{self.mailbox}@{DOMAIN}"


STAFF: Final = (
    Staff("direccion", "Diana", "Ibarra", "Solórzano", "Dirección", "todo lo de la administración"),
    Staff("validacion", "Valentina", "Ríos", "Cárdenas", "Validación", "revisa solicitudes"),
    Staff("formacion", "Fernanda", "Ochoa", "Núñez", "Formación", "lleva cursos y constancias"),
    Staff("biblioteca", "Blanca Estela", "Güereña", "", "Biblioteca", "cuida la biblioteca"),
    Staff("auditoria", "Aurora", "Jáuregui", "Peña", "Auditoría", "solo consulta"),
    Staff(
        "coordinacion",
        "Carmen",
        "Lozano",
        "Ávila",
        "Coordinación",
        "pasa lista y emite constancias",
        enters_admin=False,
    ),
)

MEMBERS: Final = (
    Applicant(
        "alicia.munoz",
        "Alicia",
        "Muñoz",
        "Íñiguez",
        "Mtra.",
        "mercados",
        "Departamento de Planeación",
        "Jefa de departamento",
        Level.HEAD,
        "Programa de mujeres locatarias y reglas de asignación de puestos.",
        "3312340101",
        "12",
    ),
    Applicant(
        "beatriz.guemes",
        "Beatriz",
        "Güemes",
        "",
        "Lic.",
        "tesoreria",
        "Unidad de Presupuesto",
        "Subdirectora de presupuesto",
        Level.COORDINATION,
        "Anexo transversal de igualdad del presupuesto municipal.",
        "3312340102",
    ),
    Applicant(
        "cecilia.delatorre",
        "Cecilia",
        "de la Torre",
        "Ñíguez",
        "Dra.",
        "servicios-medicos",
        "Coordinación de Salud Comunitaria",
        "Coordinadora",
        Level.COORDINATION,
        "Ruta de atención médica con perspectiva de género.",
        "3312340103",
    ),
    Applicant(
        "dolores.xochihua",
        "María Dolores",
        "Xochihua",
        "Tzompantzi",
        "",
        "pueblos-originarios",
        "Vinculación comunitaria",
        "Jefa de unidad",
        Level.HEAD,
        "Programa de mujeres indígenas residentes.",
    ),
    Applicant(
        "elena.oconnor",
        "Elena",
        "O’Connor",
        "Díaz",
        "Arq.",
        "obras-publicas",
        "Proyectos",
        "Directora de área",
        Level.DIRECTION,
        "Lineamientos de obra segura para mujeres y niñas.",
        "3312340105",
    ),
    Applicant(
        "fatima.lopez",
        "Fátima del Rosario",
        "López",
        "Covarrubias",
        "Lic.",
        "recursos-humanos",
        "Capacitación",
        "Jefa de unidad",
        Level.HEAD,
        "Inducción del personal en igualdad y no discriminación.",
    ),
    Applicant(
        "guadalupe.zuniga",
        "Guadalupe",
        "Zúñiga",
        "Pérez",
        "Lic.",
        "contraloria",
        "Responsabilidades",
        "Coordinadora de investigación",
        Level.COORDINATION,
        "Capacitación sobre el protocolo municipal de acoso y hostigamiento.",
        in_directory=False,
    ),
    Applicant(
        "hortensia.avila",
        "Hortensia",
        "Ávila",
        "Ruvalcaba",
        "",
        "participacion-ciudadana",
        "Comités vecinales",
        "Jefa de departamento",
        Level.HEAD,
        "Paridad en los comités vecinales.",
    ),
    Applicant(
        "irma.pena",
        "Irma",
        "Peña",
        "Villaseñor",
        "Mtra.",
        "dif-guadalajara",
        "Atención a las violencias",
        "Jefa de departamento",
        Level.HEAD,
        "Modelo de atención y referencia entre instituciones.",
    ),
    Applicant(
        "josefina.nunez",
        "Josefina",
        "Núñez",
        "Ledezma",
        "Lic.",
        "justicia-civica",
        "Centros de mediación",
        "Coordinadora",
        Level.COORDINATION,
        "Criterios para no mediar casos de violencia contra las mujeres.",
    ),
    Applicant(
        "karla.ibanez",
        "Karla",
        "Ibáñez",
        "Quiñones",
        "Ing.",
        "movilidad-transporte",
        "Movilidad activa",
        "Jefa de proyecto",
        Level.HEAD,
        "Rutas peatonales seguras en torno a escuelas.",
    ),
    Applicant(
        "leticia.sahagun",
        "Leticia",
        "Sahagún",
        "Orozco",
        "Lic.",
        "comude",
        "Deporte comunitario",
        "Directora de área",
        Level.DIRECTION,
        "Horas de cancha reservadas a niñas y mujeres.",
    ),
)

WAITING: Final = (
    Applicant(
        "solicitante",
        "Paula",
        "Castañeda",
        "Rubio",
        "Lic.",
        "cultura",
        "Fomento a las artes",
        "Jefa de departamento",
        Level.HEAD,
        "Convocatorias de cultura con criterios de paridad.",
    ),
    Applicant(
        "rebeca.santillan",
        "Rebeca",
        "Santillán",
        "Mora",
        "",
        "proteccion-civil-bomberos",
        "Capacitación",
        "Oficial",
        Level.OPERATIVE,
        "Instalaciones dignas para mujeres bomberas.",
    ),
)

WITH_UNIT: Final = (
    "mercados",
    "dif-guadalajara",
    "obras-publicas",
    "servicios-medicos",
    "tesoreria",
)
"""Dependencias whose Unidad de Género has people."""
