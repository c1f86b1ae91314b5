"""Code lists of NENA-STA-021.1b, chapter 3: the codes alone, spelled as the standard spells them.

Incident types are those of APCO ANS 2.103.2-2019 and NONEMERG, dispositions those of APCO ANS 1.111.2-2018. The
registries of agency roles, agent roles and call types are not here: we have not read them.
"""


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


PRIMARY_STATUSES = _listed(
    """
    Available ConditionallyAvailable NotAvailable
    """
)

INCIDENT_STATUSES = _listed(
    """
    Active Cancelled Closed FireUnderControl NewLocation ReOpened ResourcesAssigned ResourcesEnroute
    ResourcesOnscene StructureCleared
    """
)

LOCATION_TYPES = _listed(
    """
    RoutingLocation Caller CurrentIncident InitialIncident Investigation Other Staging TowerLocation UnitLocation
    """
)

PERSON_ROLES = _listed(
    """
    InvolvedPerson Caller Patient PatientAcquaintance PatientRelative PersonOfInterest ReportingParty Suspect
    Victim VictimAcquaintance VictimRelative Witness
    """
)

DISPOSITIONS = _listed(
    """
    01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37
    38 39 40 41 42 43 44 45
    """
)

SECONDARY_STATUSES = _listed(
    """
    AcknowledgedTransmission AlternateLocation Arrived Assigned AssignmentCancelled BacktoAssignedArea Backup
    Break CheckedIn Cleared COP_or_POP Court CoveringAlternateArea Delayed Departed Dispatched EnRoute
    EquipmentIssues Event Hospital InService Investigation Location Meal Meeting OffDuty OnDuty OnScene
    OutofService PatientContact Post ResponderInitiatedEvent RollCall Roster ShiftPending Staging Station
    TrafficStop Training Transporting Unmanned
    """
)

INCIDENT_TYPES = _listed(
    """
    NONEMERG 911H 911OPN ABDOM ABDUCTF ABDUCTNF ABUSE ACCIND ACTSHOOT ADMIN AIR AIRINC ALIEN ALLERGIC ALMA ALMB
    ALMH ALMR ALRBA ALRBOX ALRBS ALRCO ALRCO2 ALRDEFIB ALRF ALRGAS ALRHEAT ALRKPAD ALRMED ALRNGAS ALRPANA ALRPANS
    ALRPROPN ALRPULL ALRROBA ALRROBS ALRU ALRVEH ALRWTR ALS ANIMAL ASSAULT ASSIST ATL BACK BARICADE BIO BITE
    BLDCLPSE BLEEDING BLS BOMB BRGCLPSE BURGLARY BURN CARDIAC CARJACK CDX CHEMICAL CHESPAIN CHOKE CITASST CIVDIS
    CIVIL CNTRFT COURT CRIMPS CRIMTRAF CRWD CU1 CU2 CU3 CURFEW CUST DEATH DEATHNTF DIABETIC DISORD DISVEH DMPX
    DROWN DRUGPAR DRUGS DUI DVA DVNA EDP ELEC ELECHZD ELUDING ENTRAP ESCAPE EXPLOS EXPOSURE EXTORT EYE FAIRC FALL
    FAM FAPT FARSON FAS FASX FBRUSH FELEC FFUEL FIGHT FIREWRKS FMARINE FORCENTR FOTHER FRAUD FREPORT FSMOKE FSTRU
    FTRAILER FTRAIN FTRASH FTRUCK FUNK FVEH GASLEAK GASLEAKI GASLEAKO HARR HATE HAZ HAZMAT HEADACHE HEMRG HLP1
    HLP2 HOLD HOMICIDE HOSTAGE IMP INDECENT INFO INTERNET INTOX INVEST JUV LARCENY LIQUOR MAJORINC MAYDAY MCI
    MISBOATR MISCON MNTL MTLV MVA MVAHR MVAINJY MVAUNK MVCP NCIC NCRASLTWF NCRCPRF NCRELEV NCRFACTR NCRMUAIDF
    NCRNDE NCRNONE NCRTASKFORCE NCRTESTF NCRTRANS NEGLECT NOISE OD ODOR OPEN ORDERV PANDEMIC PARKING PERFND
    PERMISS PERSUSP PERUNCON PERWANT PHANDLE PREG PROPFND PROPLOST PROPSTLN PROW PUBWKS PURSUIT RADIAT RECKDRV
    REPO RESCUE RESIST RESP RESPARR ROBBERY RUNAWAY SAR SCH SCRM SEIZURE SEXOFFNS SHOOT SHOPLIFT SICK SLMP SMOKING
    SOL STABBING STDBY STKX STROKE SUBJSTP SUICIDE SUICTHRT SUSP TERROR THAZ THREATS TOW TRAIN TRAINDRL TRANSFER
    TRAUMA TRAUMAP TRESPASS TROUBLE TRUANT TSTOP VAG VANDAL VEHABND VEHASST VEHLOCK VEHREC VEHSTLN VEHSUSP VICE
    WARRANT WATER WEAPON WELFARE WILDLIFE WIRES XTRICATE
    """
)

RESOURCE_TYPES = _listed(
    """
    AirAmbulanceFixedWing AirAmbulanceRotaryWing AirSearchTeam AirborneCommunicationRelayTeamFixed
    FixedWingAircraft RotaryWingAircraft AirborneTransportTeamFixedWing AirCompressor AirConditioner-Heater ATV
    GroundALSAmbulance LargeAnimalRescueTeam LargeAnimalShelteringTeam LargeAnimalTransportTeam
    SmallAnimalRescueTeam SmallAnimalShelteringTeam SmallAnimalTransportTeam AssaultHomicideUnit
    GroundBLSAmbulance BikeTeam BombSquad BrushFireEngineType3 BrushFireEngineType4 BrushFireEngineType5
    BrushFireEngineType6 BrushFireEngineType7 Bus CanineSearchandRescue DisasterCollapsedStructureCanineTech
    CaveSearchandRescue CivilServiceOfficer CoastGuard CollapseSearchandRescue CommandLevel4 CommandLevel3
    CommandLevel2 CommandLevel1 CommSupportTeam CommunityPolicingUnit Crane CrisisInterventionUnit
    ResponderCrewTransport DetoxTransport UnmannedAerialVehicle ElectronicBoard FireBoat FireTruckLadder
    FireFoamTender FoamTank ForensicEvidence FuelTender GangEnforcement HazMatTeam FireHelicopter HeavyRescue
    IncidentManagementTeam Investigator LawEnforcementCommandUnit PatrolUnit SchoolOfficer LightRescue
    MaintenanceandRepairTeam ParkingEnforcement MobileCommunicationCenter MobileSupportVehicle CrowdControlTeam
    MountedPatrol MountainSearchandRescueTeam MedicalTransportVehicle ParkRanger DiveTeam RapidResponseSpecialist
    RoadSweeper SafetyOfficer SnowBlower SnowCat StructureFireEngineType1 StructureFireEngineType2 SWAT
    SwiftwaterRescueTeam VehicularCrimesTeam Veterinarian WaterRescueTeam TrafficUnit TransitOfficer DumpTruck
    TowTruck PlowTruck TugBoat VictimAdvocate DeWateringWaterPump WasteWaterPump FireWaterTender WaterTruck
    WheelDozer WheelLoaderBackhoe WheelLoader WheelLoaderSkidSteer WoodChipper WildlandTaskForce StrikeTeam
    HotShotTeam
    """
)

RESOURCE_ATTRIBUTES = _listed(
    """
    AdvancedEMT AdvancedPRN ReconAircraft SearchandRescueAircraft PursuitAircraft AerialPhotographyAircraft
    TransportAircraft AirBags AirMedicalTransportParamedic AirMedicalTransportPhysician AirMedicalTransportPilot
    AirMedicalTransportNurse AirportFirefighter AmbulanceStrikeTeamLeader AnimalCaseManager
    AnimalControlSpecialist AnimalDiseaseEpidemiologist AnimalHandlingSpecialist AnimalTechnician Bicycle
    CarbonMonoxideDetector CivilFieldEngineer CrisisInterventionSpecialist ConfinedSpaceRescueEquipBasic
    ConfinedSpaceRescueEquipAdvanced ConcreteCutter DiveTeam DrugRecognitionExpert DrugK9 ElectronicArrowBoard
    ElectronicVariableMessageBoard EmergencyVehicleOperator EmergencyVehicleOperatorHeavy EMSPhysician EMT
    ExplosiveK9 ExtricationEquipmentBasic ExtricationEquipmentAdvanced FireApparatusDriver_Operator FireInspector
    Firefighter FLIR Floodlights JawsOfLife Generators HazMatOfficer HelicopterSearchandRescuePilot
    HelicopterSearchandRescueTech HighAngleRescueEquipment HostageNegotiator IceRescueEquipment
    AbkhazianInterpreter AchineseInterpreter AcoliInterpreter AdangmeInterpreter AdygheAdygeiInterpreter
    AfarInterpreter AfrihiliInterpreter AfrikaansInterpreter Afro-AsiaticLanguagesInterpreter AinuInterpreter
    AkanInterpreter AkkadianInterpreter AlbanianInterpreter AleutInterpreter AlgonquianLanguagesInterpreter
    AltaicLanguagesInterpreter AmharicInterpreter AngikaInterpreter ApachelanguagesInterpreter ArabicInterpreter
    AragoneseInterpreter AramaicInterpreter ArapahoInterpreter ArawakInterpreter ArmenianInterpreter
    AromanianArumanianMacedo-RomanianInterpreter AssameseInterpreter AsturianBableLeoneseAsturleoneseInterpreter
    AthapascanLanguagesInterpreter AustronesianLanguagesInterpreter AvaricInterpreter AvestanInterpreter
    AwadhiInterpreter AymaraInterpreter AzerbaijaniInterpreter BalineseInterpreter BalticLanguagesInterpreter
    BaluchiInterpreter BambaraInterpreter BamilekeLanguagesInterpreter BandaLanguagesInterpreter
    BantuLanguagesInterpreter BasaInterpreter BashkirInterpreter BasqueInterpreter BatakLanguagesInterpreter
    BejaBedawiyetInterpreter BelarusianInterpreter BembaInterpreter BengaliInterpreter BerberLanguagesInterpreter
    BhojpuriInterpreter BihariLanguagesInterpreter BikolInterpreter BiniEdoInterpreter BislamaInterpreter
    BlinBilinInterpreter BlissymbolsBlissymbolicsBlissInterpreter BosnianInterpreter BrajInterpreter
    BretonInterpreter BugineseInterpreter BulgarianInterpreter BuriatInterpreter BurmeseInterpreter
    CaddoInterpreter CatalanValencianInterpreter CaucasianLanguagesInterpreter CebuanoInterpreter
    CelticLanguagesInterpreter CentralAmericanIndianLanguagesInterpreter CentralKhmerInterpreter
    ChagataiInterpreter ChamicLanguagesInterpreter ChamorroInterpreter ChechenInterpreter CherokeeInterpreter
    CheyenneInterpreter ChibchaInterpreter ChichewaChewaNyanjaInterpreter ChineseInterpreter
    ChinookJargonInterpreter ChipewyanDeneSulineInterpreter ChoctawInterpreter ChuukeseInterpreter
    ChuvashInterpreter ClassicalNewariOldNewariClassicalNepalBhasaInterpreter ClassicalSyriacInterpreter
    CopticInterpreter CornishInterpreter CorsicanInterpreter CreeInterpreter CreekInterpreter
    CreolesPidginsEnglishBasedInterpreter CreolesPidginsFrenchBasedInterpreter CreolesPidginsInterpreter
    CreolesPidginsPortugueseBasedInterpreter CrimeanTatarCrimeanTurkishInterpreter CroatianInterpreter
    CushiticLanguagesInterpreter CzechInterpreter DakotaInterpreter DanishInterpreter DargwaInterpreter
    DelawareInterpreter DinkaInterpreter DivehiDhivehiMaldivianInterpreter DogribInterpreter DogriInterpreter
    DravidianLanguagesInterpreter DualaInterpreter DutchFlemishInterpreter DyulaInterpreter DzongkhaInterpreter
    EasternFrisianInterpreter EfikInterpreter EkajukInterpreter ElamiteInterpreter EnglishInterpreter
    ErzyaInterpreter EsperantoInterpreter EstonianInterpreter EweInterpreter EwondoInterpreter FangInterpreter
    FantiInterpreter FaroeseInterpreter FijianInterpreter FilipinoPilipinoInterpreter FinnishInterpreter
    FinnoUgrianLanguagesInterpreter FonInterpreter FrenchInterpreter FriulianInterpreter FulahInterpreter
    GaelicScottishGaelicInterpreter GaInterpreter GalibiCaribInterpreter GalicianInterpreter GandaInterpreter
    GayoInterpreter GbayaInterpreter GeezInterpreter GeorgianInterpreter GermanInterpreter GilberteseInterpreter
    GondiInterpreter GorontaloInterpreter GothicInterpreter GreboInterpreter GreekModernInterpreter
    GuaraniInterpreter GujaratiInterpreter GwichinInterpreter HaidaInterpreter HaitianHaitianCreoleInterpreter
    HausaInterpreter HawaiianInterpreter HebrewInterpreter HereroInterpreter HiligaynonInterpreter
    HimachaliWesternPahariLanguagesInterpreter HindiInterpreter HiriMotuInterpreter HittiteInterpreter
    HmongMongInterpreter HungarianInterpreter HupaInterpreter IbanInterpreter IcelandicInterpreter IdoInterpreter
    IgboInterpreter IjolanguagesInterpreter IlokoInterpreter InariSamiInterpreter IndicLanguagesInterpreter
    Indo-EuropeanLanguagesInterpreter IndonesianInterpreter IngushInterpreter InterlingueOccidentalInterpreter
    InuktitutInterpreter InupiaqInterpreter IranianLanguagesInterpreter IrishInterpreter
    IroquoianLanguagesInterpreter ItalianInterpreter JapaneseInterpreter JavaneseInterpreter
    Judeo-ArabicInterpreter Judeo-PersianInterpreter KabardianInterpreter KabyleInterpreter
    KachinJingphoInterpreter KalaallisutGreenlandicInterpreter KalmykOiratInterpreter KambaInterpreter
    KannadaInterpreter KanuriInterpreter Karachay-BalkarInterpreter Kara-KalpakInterpreter KarelianInterpreter
    KarenLanguagesInterpreter KashmiriInterpreter KashubianInterpreter KawiInterpreter KazakhInterpreter
    KhasiInterpreter KhoisanLanguagesInterpreter KhotaneseSakanInterpreter KikuyuGikuyuInterpreter
    KimbunduInterpreter KinyarwandaInterpreter KirghizKyrgyzInterpreter KlingontlhIngan-HolInterpreter
    KomiInterpreter KongoInterpreter KonkaniInterpreter KoreanInterpreter KosraeanInterpreter KpelleInterpreter
    KruLanguagesInterpreter KuanyamaKwanyamaInterpreter KumykInterpreter KurdishInterpreter KurukhInterpreter
    KutenaiInterpreter LadinoInterpreter LahndaInterpreter LambaInterpreter LandDayakLanguagesInterpreter
    LaoInterpreter LatinInterpreter LatvianInterpreter LezghianInterpreter LimburganLimburgerLimburgishInterpreter
    LingalaInterpreter LithuanianInterpreter LojbanInterpreter LowerSorbianInterpreter LoziInterpreter
    Luba-KatangaInterpreter Luba-LuluaInterpreter LuisenoInterpreter LuleSamiInterpreter LundaInterpreter
    Luo-KenyaTanzania-Interpreter LushaiInterpreter LuxembourgishLetzeburgeschInterpreter MacedonianInterpreter
    MadureseInterpreter MagahiInterpreter MaithiliInterpreter MakasarInterpreter MalagasyInterpreter
    MalayalamInterpreter MalayInterpreter MalteseInterpreter ManchuInterpreter MandarInterpreter
    MandingoInterpreter ManipuriInterpreter ManoboLanguagesInterpreter ManxInterpreter MaoriInterpreter
    MapudungunMapucheInterpreter MarathiInterpreter MariInterpreter MarshalleseInterpreter MarwariInterpreter
    MasaiInterpreter MayanLanguagesInterpreter MendeInterpreter MikmaqMicmacInterpreter MinangkabauInterpreter
    MirandeseInterpreter MohawkInterpreter MokshaInterpreter MongoInterpreter MongolianInterpreter
    Mon-KhmerLanguagesInterpreter MossiInterpreter MundaLanguagesInterpreter NahuatlLanguagesInterpreter
    NauruInterpreter NavajoNavahoInterpreter NdebeleNorthNdebeleInterpreter NdebeleSouthNdebeleInterpreter
    NdongaInterpreter NeapolitanInterpreter NepalBhasaNewariInterpreter NepaliInterpreter NiasInterpreter
    Niger-KordofanianLanguagesInterpreter Nilo-SaharanLanguagesInterpreter NiueanInterpreter NKoInterpreter
    NogaiInterpreter NorseOldInterpreter NorthernFrisianInterpreter NorthernSamiInterpreter
    NorwegianBokmalInterpreter NorwegianInterpreter NubianLanguagesInterpreter NyamweziInterpreter
    NyankoleInterpreter NyoroInterpreter NzimaInterpreter OccitanInterpreter OjibwaInterpreter OriyaInterpreter
    OromoInterpreter OsageInterpreter OssetianOsseticInterpreter OtomianLanguagesInterpreter PahlaviInterpreter
    PalauanInterpreter PaliInterpreter PampangaKapampanganInterpreter PangasinanInterpreter
    PanjabiPunjabiInterpreter PapiamentoInterpreter PapuanLanguagesInterpreter PediSepediNorthernSothoInterpreter
    PersianInterpreter PhilippineLanguagesInterpreter PhoenicianInterpreter PohnpeianInterpreter PolishInterpreter
    PortugueseInterpreter PrakritLanguagesInterpreter PushtoPashtoInterpreter QuechuaInterpreter
    RajasthaniInterpreter RapanuiInterpreter RarotonganCookIslandsMaoriInterpreter
    RomanianMoldavianMoldovanInterpreter RomanshInterpreter RomanyInterpreter RundiInterpreter RussianInterpreter
    SalishanLanguagesInterpreter SamaritanAramaicInterpreter SamiLanguagesInterpreter SamoanInterpreter
    SandaweInterpreter SangoInterpreter SanskritInterpreter SantaliInterpreter SardinianInterpreter
    SasakInterpreter ScotsInterpreter SelkupInterpreter SemiticLanguagesInterpreter SerbianInterpreter
    SererInterpreter ShanInterpreter ShonaInterpreter SichuanYiNuosuInterpreter SicilianInterpreter
    SidamoInterpreter SignLanguagesInterpreter SiksikaInterpreter SindhiInterpreter SinhalaSinhaleseInterpreter
    Sino-TibetanLanguagesInterpreter SiouanLanguagesInterpreter SkoltSamiInterpreter Slave(Athapascan)Interpreter
    SlavicLanguagesInterpreter SlavicSlavonicOldBulgarianInterpreter SlovakInterpreter SlovenianInterpreter
    SogdianInterpreter SomaliInterpreter SonghaiLanguagesInterpreter SoninkeInterpreter
    SorbianLanguagesInterpreter SothoSouthernInterpreter SouthAmericanIndianLanguagesInterpreter
    SouthernAltaiInterpreter SouthernSamiInterpreter SpanishCastilianInterpreter SrananTongoInterpreter
    StandardMoroccanTamazightInterpreter SukumaInterpreter SumerianInterpreter SundaneseInterpreter
    SusuInterpreter SwahiliInterpreter SwatiInterpreter SwedishInterpreter SwissGermanAlemannicAlsatianInterpreter
    SyriacInterpreter TagalogInterpreter TahitianInterpreter TaiLanguagesInterpreter TajikInterpreter
    TamashekInterpreter TamilInterpreter TatarInterpreter TeluguInterpreter TerenoInterpreter TetumInterpreter
    ThaiInterpreter TibetanInterpreter TigreInterpreter TigrinyaInterpreter TimneInterpreter TivInterpreter
    TlingitInterpreter TokelauInterpreter TokPisinInterpreter TongaNyasaInterpreter Tonga-TongaIslands-Interpreter
    TsimshianInterpreter TsongaInterpreter TswanaInterpreter TumbukaInterpreter TupiLanguagesInterpreter
    TurkishInterpreter TurkmenInterpreter TuvaluInterpreter TuvinianInterpreter TwiInterpreter UdmurtInterpreter
    UgariticInterpreter UighurUyghurInterpreter UkrainianInterpreter UmbunduInterpreter UpperSorbianInterpreter
    UrduInterpreter UzbekInterpreter VaiInterpreter VendaInterpreter VietnameseInterpreter VolapukInterpreter
    VoticInterpreter WakashanLanguagesInterpreter WalloonInterpreter WarayInterpreter WashoInterpreter
    WelshInterpreter WesternFrisianInterpreter WolaittaWolayttaInterpreter WolofInterpreter XhosaInterpreter
    YakutInterpreter YaoInterpreter YapeseInterpreter YiddishInterpreter YorubaInterpreter
    YupikLanguagesInterpreter ZandeLanguagesInterpreter ZapotecInterpreter
    ZazaDimiliDimlKirdkiKirmanjkiInterpreter ZenagaInterpreter ZhuangChuangInterpreter ZuluInterpreter
    ZuniInterpreter LoJack CrowdControlSpecialist MountainSearchandRescueTech NarcoticsIdentificationKitOperator
    Paramedic PortablePumpFloating PortablePumpSubmersible PublicInformationOfficer Telecommunicator
    RadiologicTech RadiationDetector RegisteredNurse RescueRope SCBA Shotgun StructuralCollapaseRescueTech
    StructuralEngineer SWAT SwiftwaterRescueEquipment SwiftwaterRescueTech TaserTrained ThermalCamera VacuumWater
    WaterCanineSearchTech WildLandFireTools
    """
)
